import { quote } from './describe-value.ts';
import { type Problem, type ValueSpot, valueSpot } from './problem.ts';
import type { Usable } from './read-definitions.ts';
import { durationReader } from './read-duration.ts';
import type { EndpointDeclaration } from './schema/endpoint.ts';
import { parseSecretText, type SecretPiece } from './secret-text.ts';
import type { EndpointDefinition, JsonValue } from './snapshot.ts';

/** Settings stay as written; secrets in them are looked up by `resolveSecrets`. */
export function readEndpoint(entry: Usable<EndpointDeclaration>) {
  const { name, place, value } = entry;
  const { type, ...settings } = value;
  const durations = durationReader(place.file);
  durations.positive(['endpoints', name, 'timeout'], value.timeout);
  const problems: readonly Problem[] = [...durations.problems, ...checkUrl(entry)];
  const definition: EndpointDefinition = {
    name,
    type,
    settings: settings as { readonly [key: string]: JsonValue },
    place,
  };
  return { definition, problems };
}

const schemes = { rest: ['http:', 'https:'], smtp: ['smtp:', 'smtps:'] } as const;

/** The address as far as it can be known without secrets: with their defaults, or not at all. */
function checkUrl(entry: Usable<EndpointDeclaration>): readonly Problem[] {
  const { name, place, value } = entry;
  const url = value.url === undefined ? undefined : withDefaults(value.url);
  const known: readonly string[] | undefined = schemes[value.type];
  if (url === undefined || known === undefined) return [];
  if (known.includes(URL.parse(url)?.protocol ?? '')) return [];
  const at = valueSpot(place.file, 'endpoints', name, 'url');
  const space = /[\s\p{Cf}]/u.exec(url);
  if (space !== null && known.some((scheme) => url.startsWith(`${scheme}//`))) {
    return [urlWithSpace(name, at, url === value.url ? space.index : undefined)];
  }
  const begin = known.map((scheme) => `${scheme}//`).join(' or ');
  return [
    {
      rule: 'invalid-url',
      message: `"url" in endpoint ${quote(name)} has to begin with ${begin}, not ${quote(url)}`,
      at,
    },
  ];
}

/** In the name of a server; in what follows it a space goes for `%20`. */
function urlWithSpace(name: string, at: ValueSpot, offset: number | undefined): Problem {
  return {
    rule: 'invalid-url',
    message: `"url" in endpoint ${quote(name)} has a space in it`,
    at: offset === undefined ? at : { ...at, offset, length: 1 },
    help: 'No name of a server has one. Remove it, and look for others that cannot be seen.',
  };
}

function withDefaults(text: string): string | undefined {
  const parsed = parseSecretText(text);
  if (!parsed.ok) return undefined;
  const pieces = parsed.pieces.map(knownText);
  return pieces.some((piece) => piece === undefined) ? undefined : pieces.join('');
}

function knownText(piece: SecretPiece): string | undefined {
  if (piece.kind === 'text') return piece.text;
  return piece.kind === 'env' ? piece.fallback : undefined;
}
