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
const scheduleKeys = ['type', 'timezone', 'jitter', ...Object.keys(typesOfKeys)];
const dstKeys = ['gap', 'overlap'];

/** What a job may have besides its schedule: of no interest here, and no mistake. */
const otherKeys = new Set(
  'name service extra enabled description owner labels timeout grace retry overlap catchUp group priority only except shift on renamedFrom'.split(
    ' ',
  ),
);

/**
 * Keys of a schedule that would be ignored and were hardly meant to be: those of another type, those
 * that are nearly one of ours, and in `dst`, which has nothing else, all that are none of ours.
 */
export function unknownKeys(schedule: Readonly<Record<string, unknown>>): ScheduleProblem[] {
  const own = Object.keys(schedule).flatMap((key) => {
    if (otherKeys.has(key) || schedule[key] === undefined) return [];
    if (scheduleKeys.includes(key)) return ofAnotherType(key, schedule.type);
    const near = nearestName(key, scheduleKeys);
    return near === undefined ? [] : [misspelt([key], near)];
  });
  return [...own, ...unknownDstKeys(schedule.dst)];
}

function ofAnotherType(key: string, type: unknown): ScheduleProblem[] {
  const owners = typesOfKeys[key];
  // That the type is none is told elsewhere.
  if (owners === undefined || !types.includes(String(type)) || owners.includes(String(type)))
    return [];
  const message = `there is no such key in a schedule of type ${type}`;
  const help = `It belongs to those of type ${owners.join(' and ')}.`;
  return [{ rule: 'unknown-key', message, help, path: [key] }];
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
