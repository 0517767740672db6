import type { Finding } from './finding.ts';
import { parseSecretText, type SecretPiece } from './secret-text.ts';
import type { EndpointDefinition, JsonValue, Snapshot } from './snapshot.ts';

/** An endpoint with its secrets in place. Not to be shown, logged or stored. */
export interface ResolvedEndpoint {
  readonly type: string;
  readonly settings: { readonly [key: string]: JsonValue };
}

/** Where secrets come from; both give `undefined` for what is not there. */
export interface SecretSources {
  env(name: string): string | undefined;
  /** The content of a file without its last line break. */
  file(path: string): string | undefined;
}

export type SecretsResult =
  | {
      readonly ok: true;
      readonly endpoints: ReadonlyMap<string, ResolvedEndpoint>;
      /** Every value that was looked up, longest first, to be removed from all that is shown. */
      readonly secrets: readonly string[];
    }
  | { readonly ok: false; readonly findings: readonly Finding[] };

interface Resolution {
  readonly sources: SecretSources;
  readonly secrets: Set<string>;
  readonly findings: Finding[];
}

/** Looks up all secrets of a snapshot; what is missing is told all at once. */
export function resolveSecrets(snapshot: Snapshot, sources: SecretSources): SecretsResult {
  const resolution: Resolution = { sources, secrets: new Set(), findings: [] };
  const endpoints = new Map<string, ResolvedEndpoint>();
  for (const [name, endpoint] of snapshot.endpoints) {
    endpoints.set(name, resolveEndpoint(resolution, endpoint));
  }
  if (resolution.findings.length > 0) return { ok: false, findings: resolution.findings };
  const secrets = [...resolution.secrets].sort((a, b) => b.length - a.length);
  return { ok: true, endpoints, secrets };
}

function resolveEndpoint(resolution: Resolution, endpoint: EndpointDefinition): ResolvedEndpoint {
  const settings: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(endpoint.settings)) {
    settings[key] = resolveValue(resolution, endpoint, key, value);
  }
  return { type: endpoint.type, settings };
}

function resolveValue(
  resolution: Resolution,
  endpoint: EndpointDefinition,
  setting: string,
  value: JsonValue,
): JsonValue {
  const inside = (child: JsonValue) => resolveValue(resolution, endpoint, setting, child);
  if (typeof value === 'string') return resolveText(resolution, endpoint, setting, value);
  if (Array.isArray(value)) return value.map(inside);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, inside(child)]));
}

function resolveText(
  resolution: Resolution,
  endpoint: EndpointDefinition,
  setting: string,
  text: string,
): string {
  const parsed = parseSecretText(text);
  // A snapshot with such a text is not built.
  if (!parsed.ok) return text;
  const resolved = parsed.pieces.map((piece) => {
    const value = lookUp(resolution, piece);
    if (value === undefined) resolution.findings.push(missing(endpoint, setting, piece));
    return value ?? '';
  });
  return resolved.join('');
}

/** As in a shell, `:-` also stands in for a variable that is empty. */
function lookUp(resolution: Resolution, piece: SecretPiece): string | undefined {
  if (piece.kind === 'text') return piece.text;
  if (piece.kind === 'file') return kept(resolution, resolution.sources.file(piece.path));
  const value = kept(resolution, resolution.sources.env(piece.name));
  if (piece.fallback === undefined) return value;
  return value === undefined || value === '' ? piece.fallback : value;
}

/** The password inside an address is a secret of its own: errors may show it without the rest. */
function kept(resolution: Resolution, value: string | undefined): string | undefined {
  if (value === undefined || value === '') return value;
  resolution.secrets.add(value);
  const { password } = URL.parse(value) ?? {};
  if (password === undefined || password === '') return value;
  resolution.secrets.add(password);
  resolution.secrets.add(decoded(password));
  return value;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function missing(endpoint: EndpointDefinition, setting: string, piece: SecretPiece): Finding {
  const isFile = piece.kind === 'file';
  const what = isFile
    ? `the file ${piece.path} cannot be read`
    : `the environment variable ${piece.kind === 'env' ? piece.name : ''} is not set`;
  return {
    rule: 'secret-missing',
    severity: 'error',
    message: `endpoint "${endpoint.name}": ${what}`,
    labels: [{ ...endpoint.place, text: `needed by its "${setting}"` }],
    help: isFile
      ? 'Create the file, and let the daemon read it.'
      : 'Set the variable, or give it a default: `${env:NAME:-default}`.',
  };
}
