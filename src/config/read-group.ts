import type { Usable } from './read-definitions.ts';
import { durationReader } from './read-duration.ts';
import type { GroupDeclaration } from './schema/group.ts';
import type { GroupDefinition } from './snapshot.ts';

export function readGroup(entry: Usable<GroupDeclaration>) {
  const { name, place, value } = entry;
  const durations = durationReader(place.file);
  const perMs = durations.positive(['groups', name, 'rate', 'per'], value.rate?.per);
  const definition: GroupDefinition = {
    name,
    ...(value.maxRunning === undefined ? {} : { maxRunning: value.maxRunning }),
    ...(value.rate === undefined || perMs === undefined
      ? {}
      : { rate: { count: value.rate.count, perMs } }),
    place,
  };
  return { definition, problems: durations.problems };
}
