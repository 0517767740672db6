import type { Schedule } from '../schedule/schedule.ts';
import { canonicalJson } from './canonical-json.ts';
import { contentHash } from './content-hash.ts';
import type { Definitions } from './read-definitions.ts';

/** Hash of what the definitions say. Where they lie, and in which order, does not count. */
export function revisionOf(definitions: Definitions): string {
  const { daemon, endpoints, services, groups, jobs } = definitions;
  const parts = [
    canonicalJson(daemon),
    ...keysOf('endpoint', endpoints),
    ...keysOf('service', services),
    ...keysOf('group', groups),
    ...keysOf('job', jobs),
  ];
  return contentHash(parts.join('\n'));
}

function keysOf(kind: string, definitions: ReadonlyMap<string, { readonly name: string }>) {
  return [...definitions.values()]
    .map((definition) => `${kind} ${definitionKey(definition)}`)
    .sort();
}

/** Equal keys mean that two definitions say the same, wherever they lie. */
export function definitionKey(definition: object): string {
  const {
    place: _place,
    schedule,
    ...content
  } = definition as {
    place?: unknown;
    schedule?: Schedule;
  };
  return canonicalJson(schedule === undefined ? content : { ...content, timing: timing(schedule) });
}

/** The key says when it fires; the rest of what is declared is shown to people. */
function timing(schedule: Schedule) {
  const { type, key, timezone, repeats } = schedule;
  const crons = schedule.type === 'cron' ? schedule.crons.map((cron) => cron.text) : [];
  return { type, key, timezone, repeats, crons };
}
