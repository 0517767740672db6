import { nearestName } from '../config/nearest-name.ts';
import type { ScheduleProblem } from './schedule.ts';

const scheduleKeys = [
  'type',
  'cron',
  'every',
  'at',
  'timezone',
  'start',
  'until',
  'repeats',
  'jitter',
  'dst',
];
const dstKeys = ['gap', 'overlap'];

/** What a job may have besides its schedule: of no interest here, and no mistake. */
const otherKeys = new Set(
  'name service extra enabled description owner labels timeout grace retry overlap catchUp group priority only except shift on renamedFrom'.split(
    ' ',
  ),
);

/**
 * Keys of a schedule that would be ignored and were hardly meant to be: those that are nearly one of
 * ours, and in `dst`, which has nothing else, all that are none of ours.
 */
export function misspeltKeys(schedule: Readonly<Record<string, unknown>>): ScheduleProblem[] {
  const own = Object.keys(schedule).flatMap((key) => {
    if (scheduleKeys.includes(key) || otherKeys.has(key)) return [];
    const near = nearestName(key, scheduleKeys);
    return near === undefined ? [] : [unknownKey([key], near)];
  });
  return [...own, ...unknownDstKeys(schedule.dst)];
}

function unknownDstKeys(dst: unknown): ScheduleProblem[] {
  // That it is no map is told elsewhere.
  if (typeof dst !== 'object' || dst === null || Array.isArray(dst)) return [];
  return Object.keys(dst)
    .filter((key) => !dstKeys.includes(key))
    .map((key) => unknownKey(['dst', key], nearestName(key, dstKeys)));
}

function unknownKey(path: readonly string[], near: string | undefined): ScheduleProblem {
  return {
    rule: 'unknown-key',
    message: 'there is no such key',
    help: near === undefined ? 'There are `gap` and `overlap`.' : `Did you mean \`${near}\`?`,
    path,
  };
}
