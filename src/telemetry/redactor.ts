import { redactCut, shortestPiece } from './redact-cut.ts';

/** What stands where a secret was. */
export const redacted = '[secret]';

export interface Redactor {
  /** The text without any of the secrets. */
  redact(text: string): string;
  /** From now on these are the secrets; those of before stay secret too. */
  add(values: Iterable<string>): void;
}

/**
 * Removes secrets by value, wherever they turn up: as they are, and as they look inside a URL, a
 * JSON text or a basic-auth header; and what is left of one that was cut, where `…` marks the cut.
 * Values of fewer than 4 characters are left alone.
 */
export function createRedactor(values: Iterable<string> = []): Redactor {
  const secrets = new Set<string>();
  let pattern: RegExp | undefined;
  const redactor: Redactor = {
    redact(text) {
      if (pattern === undefined) return text;
      return redactCut(text.replace(pattern, redacted), secrets, redacted);
    },
    add(more) {
      const sizeBefore = secrets.size;
      for (const value of more) {
        if (value.length >= shortestPiece) for (const form of formsOf(value)) secrets.add(form);
      }
      if (secrets.size > sizeBefore) pattern = patternOf(secrets);
    },
  };
  redactor.add(values);
  return redactor;
}

function formsOf(value: string): readonly string[] {
  return [
    value,
    encodeURIComponent(value.toWellFormed()),
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString('base64'),
  ];
}

function patternOf(secrets: ReadonlySet<string>): RegExp {
  // The longest first: of a secret that begins with another one nothing may remain.
  const texts = [...secrets].sort((a, b) => b.length - a.length).map((text) => RegExp.escape(text));
  return new RegExp(texts.join('|'), 'g');
}

/** The value with `redact` applied to each text in it, keys included. */
export function redactDeep(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redact(key), redactDeep(item, redact)]),
  );
}
