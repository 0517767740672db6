import type { Problem } from './problem.ts';
import type { Usable } from './read-definitions.ts';
import { durationReader } from './read-duration.ts';
import type { EndpointDeclaration } from './schema/endpoint.ts';
import type { EndpointDefinition, JsonValue } from './snapshot.ts';

/** Settings stay as written; secrets in them are looked up by `resolveSecrets`. */
export function readEndpoint(entry: Usable<EndpointDeclaration>) {
  const { name, place, value } = entry;
  const { type, ...settings } = value;
  const durations = durationReader(place.file);
  durations.positive(['endpoints', name, 'timeout'], value.timeout);
  const problems: readonly Problem[] = durations.problems;
  const definition: EndpointDefinition = {
    name,
    type,
    settings: settings as { readonly [key: string]: JsonValue },
    place,
  };
  return { definition, problems };
}
