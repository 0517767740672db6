import type { Usable } from './read-definitions.ts';
import { durationReader } from './read-duration.ts';
import type { ServiceDeclaration } from './schema/service.ts';
import type { ServiceDefinition } from './snapshot.ts';

/** Whether its module is there is a question for the disk, see `checkModules`. */
export function readService(entry: Usable<ServiceDeclaration>) {
  const { name, place, value, refused } = entry;
  const durations = durationReader(place.file);
  const timeoutMs = durations.positive(['services', name, 'timeout'], value.timeout);
  const slowThresholdMs = durations.positive(
    ['services', name, 'slowThreshold'],
    value.slowThreshold,
  );
  if (refused?.has('module')) return { problems: durations.problems };
  const definition: ServiceDefinition = {
    name,
    module: normalPath(value.module),
    export: value.export ?? 'default',
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(slowThresholdMs === undefined ? {} : { slowThresholdMs }),
    ...(value.maxRunning === undefined ? {} : { maxRunning: value.maxRunning }),
    ...(value.endpoints === undefined ? {} : { endpoints: value.endpoints }),
    place,
  };
  return { definition, problems: durations.problems };
}

/** `./services//a.ts` and `services/a.ts` are one module. */
function normalPath(path: string): string {
  return path
    .split('/')
    .filter((part, index) => part !== '.' && (part !== '' || index === 0))
    .join('/');
}
