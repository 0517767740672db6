/** One piece of a setting: plain text, or something to be looked up. */
export type SecretPiece =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'env';
      readonly name: string;
      readonly fallback?: string;
      readonly offset: number;
      readonly length: number;
    }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly offset: number;
      readonly length: number;
    };

export type SecretTextResult =
  | { readonly ok: true; readonly pieces: readonly SecretPiece[] }
  | { readonly ok: false; readonly problem: SecretTextProblem };

export interface SecretTextProblem {
  readonly message: string;
  readonly help: string;
  readonly offset: number;
  readonly length: number;
}

const howTo =
  'Write `${env:NAME}`, `${env:NAME:-default}` or `${file:/path}`; `$${` stands for `${`.';

/** Reads `${env:NAME}`, `${env:NAME:-default}`, `${file:/path}` and `$${` in a text. */
export function parseSecretText(text: string): SecretTextResult {
  const pieces: SecretPiece[] = [];
  let from = 0;
  for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', from)) {
    if (text[at - 1] === '$' && at > from) {
      pieces.push({ kind: 'text', text: `${text.slice(from, at - 1)}\${` });
      from = at + 2;
      continue;
    }
    if (at > from) pieces.push({ kind: 'text', text: text.slice(from, at) });
    const end = text.indexOf('}', at);
    const length = (end === -1 ? text.length : end + 1) - at;
    const piece = end === -1 ? undefined : parseReference(text.slice(at + 2, end));
    if (piece === undefined)
      return { ok: false, problem: unreadable(text, at, length, end === -1) };
    pieces.push({ ...piece, offset: at, length });
    from = at + length;
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) });
  return { ok: true, pieces };
}

function unreadable(text: string, offset: number, length: number, isOpen: boolean) {
  const shown = text.slice(offset, offset + Math.min(length, 40));
  const message = isOpen
    ? '`${` is not closed by `}`'
    : `"${shown}" names nothing that can be looked up`;
  return { message, help: howTo, offset, length };
}

function parseReference(inside: string) {
  const env = /^env:([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/.exec(inside);
  if (env?.[1] !== undefined) {
    const fallback = env[2] === undefined ? {} : { fallback: env[2] };
    return { kind: 'env' as const, name: env[1], ...fallback };
  }
  const file = /^file:(.+)$/.exec(inside);
  if (file?.[1] !== undefined) return { kind: 'file' as const, path: file[1] };
  return undefined;
}
