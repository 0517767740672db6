import { nearestKeyAmong } from '../config/nearest-key.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { ScheduleProblem } from './schedule.ts';

/** The keys of a schedule that not every type has, with the types that have them. */
const typesOfKeys: Readonly<Record<string, readonly string[]>> = {
  at: ['one-time'],
  every: ['interval'],
  cron: ['cron'],
  dst: ['cron'],
  start: ['interval', 'cron'],
  until: ['interval', 'cron'],
  repeats: ['interval', 'cron'],
};
const types = ['one-time', 'interval', 'cron', 'manual'];
const anyType = ['type', 'timezone', 'jitter'];
const scheduleKeys = [...anyType, ...Object.keys(typesOfKeys)];
const calendarKeys = ['only', 'except', 'shift'];
const dstKeys = ['gap', 'overlap'];

/** What a job may have besides its schedule: of no interest here, and no mistake. */
const otherKeys = new Set(
  'name service extra enabled description owner labels timeout grace retry overlap catchUp group priority on renamedFrom'.split(
    ' ',
  ),
);

/**
 * Keys of a schedule that would be ignored and were hardly meant to be: those of another type, those
 * that are nearly one of ours, calendars, which are known only within a project, and in `dst`, which
 * has nothing else, all that are none of ours.
 */
export function unknownKeys(schedule: Readonly<Record<string, unknown>>): ScheduleProblem[] {
  const problems: ScheduleProblem[] = [];
  for (const key of Object.keys(schedule)) {
    if (anyType.includes(key) || schedule[key] === undefined) continue;
    const problem = problemOf(key, schedule);
    if (problem !== undefined) problems.push(problem);
  }
  if (schedule.dst !== undefined) problems.push(...unknownDstKeys(schedule.dst));
  return problems;
}

function problemOf(
  key: string,
  schedule: Readonly<Record<string, unknown>>,
): ScheduleProblem | undefined {
  const { type } = schedule;
  const owners = Object.hasOwn(typesOfKeys, key) ? typesOfKeys[key] : undefined;
  if (owners !== undefined) return ofAnotherType(key, type, owners);
  if (otherKeys.has(key)) return undefined;
  if (calendarKeys.includes(key)) return calendarKey(key);
  // Beside the key it stands for, `tz` is a note of whoever made it.
  const missing = keysOf(type).filter((known) => schedule[known] === undefined);
  const near = nearestName(key, scheduleKeys) ?? nearestKeyAmong(key, missing);
  return near === undefined ? undefined : misspelt([key], near);
}

function keysOf(type: unknown): readonly string[] {
  const own = Object.entries(typesOfKeys).filter(([, owners]) => owners.includes(String(type)));
  return [...anyType, ...own.map(([key]) => key)];
}

function ofAnotherType(
  key: string,
  type: unknown,
  owners: readonly string[],
): ScheduleProblem | undefined {
  // That the type is none is told elsewhere.
  if (typeof type !== 'string' || owners.includes(type) || !types.includes(type)) return undefined;
  const message = `there is no such key in a schedule of type ${type}`;
  const help = `It belongs to those of type ${owners.join(' and ')}.`;
  return { rule: 'unknown-key', message, help, path: [key] };
}

/** A schedule alone has no calendars to look up: its fires would be those of another job. */
function calendarKey(key: string): ScheduleProblem {
  const message = 'calendars are known only within a project';
  const help = `Ask without \`${key}\`, or ask \`jobsd next\`.`;
  return { rule: 'unknown-calendar', message, help, path: [key] };
}

function unknownDstKeys(dst: unknown): ScheduleProblem[] {
  // That it is no map is told elsewhere.
  if (typeof dst !== 'object' || dst === null || Array.isArray(dst)) return [];
  return Object.keys(dst)
    .filter((key) => !dstKeys.includes(key))
    .map((key) => misspelt(['dst', key], nearestName(key, dstKeys)));
}

function misspelt(path: readonly string[], near: string | undefined): ScheduleProblem {
  return {
    rule: 'unknown-key',
    message: 'there is no such key',
    help: near === undefined ? 'There are `gap` and `overlap`.' : `Did you mean \`${near}\`?`,
    path,
  };
}
