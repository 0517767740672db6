import type { Calendar } from '../schedule/calendar.ts';
import { type CalendarRule, calendarRuleKey } from '../schedule/calendar-rule.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { canonicalJson, withSortedKeys } from './canonical-json.ts';
import { contentHash } from './content-hash.ts';
import type { Definitions } from './read-definitions.ts';

/** Hash of what the definitions say. Where they lie, and in which order, does not count. */
export function revisionOf(definitions: Definitions): string {
  const { daemon, endpoints, services, groups, calendars, jobs } = definitions;
  const parts = [
    canonicalJson(daemon),
    ...keysOf('endpoint', endpoints),
    ...keysOf('service', services),
    ...keysOf('group', groups),
    ...keysOf('calendar', calendars),
    ...keysOf('job', jobs),
  ];
  return contentHash(parts.join('\n'));
}

function keysOf(kind: string, definitions: ReadonlyMap<string, { readonly name: string }>) {
  return [...definitions.values()]
    .map((definition) => `${kind} ${definitionKey(definition)}`)
    .sort();
}

/**
 * Equal keys mean that two definitions say the same, wherever they lie. What the program has made
 * itself always has its keys in one order; only what comes from users has to be sorted, and that
 * is little.
 */
export function definitionKey(definition: object): string {
  const { place: _place, schedule, calendar, calendars, ...content } = definition as Comparable;
  for (const key of fromUsers) {
    if (content[key] !== undefined) content[key] = withSortedKeys(content[key]);
  }
  return JSON.stringify({
    ...content,
    ...(schedule === undefined ? {} : { timing: timing(schedule) }),
    ...(calendar === undefined ? {} : { calendar: calendar.key }),
    ...(calendars === undefined ? {} : { calendars: calendarRuleKey(calendars) }),
  });
}

type Comparable = {
  place?: unknown;
  schedule?: Schedule;
  calendar?: Calendar;
  calendars?: CalendarRule;
} & {
  [key in (typeof fromUsers)[number]]?: unknown;
};

const fromUsers = ['extra', 'labels', 'on', 'settings'] as const;

/** The key says when it fires; the rest of what is declared is shown to people. */
function timing(schedule: Schedule) {
  const { type, key, timezone, repeats } = schedule;
  const crons = schedule.type === 'cron' ? schedule.crons.map((cron) => cron.text) : [];
  return { type, key, timezone, repeats, crons };
}
