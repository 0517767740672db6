import type { Calendar } from '../schedule/calendar.ts';
import { type CalendarRule, calendarRuleKey } from '../schedule/calendar-rule.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { canonicalJson, withSortedKeys } from './canonical-json.ts';
import { contentHash } from './content-hash.ts';
import type { Definitions } from './read-definitions.ts';
import type { Steps } from './steps.ts';

/** Hash of what the definitions say. Where they lie, and in which order, does not count. */
export function* revisionOf(definitions: Definitions): Steps<string> {
  const { daemon, endpoints, services, groups, calendars, jobs } = definitions;
  const hashes = [
    contentHash(canonicalJson(daemon)),
    ...(yield* hashesOf('endpoint', endpoints)),
    ...(yield* hashesOf('service', services)),
    ...(yield* hashesOf('group', groups)),
    ...(yield* hashesOf('calendar', calendars)),
    ...(yield* hashesOf('job', jobs)),
  ];
  return contentHash(hashes.join('\n'));
}

/** A hash of each: many short texts are sorted much sooner than many long ones. */
function* hashesOf(kind: string, definitions: ReadonlyMap<string, object>): Steps<string[]> {
  const hashes: string[] = [];
  for (const definition of definitions.values()) {
    yield;
    hashes.push(contentHash(`${kind} ${definitionKey(definition)}`));
  }
  return hashes.sort();
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
