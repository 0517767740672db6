import type { FreezeWindow } from '../../schedule/calendar.ts';
import type { LocalTime } from '../../schedule/local-time.ts';
import { parseDateTime } from '../../schedule/parse-date-time.ts';
import { quote } from '../describe-value.ts';
import { type Problem, type ValuePath, type ValueSpot, valueSpot } from '../problem.ts';
import type { CalendarDeclaration } from '../schema/calendar.ts';

type FreezeDeclarations = NonNullable<CalendarDeclaration['freeze']>;

export interface FreezesResult {
  readonly freezes: readonly FreezeWindow[];
  readonly problems: readonly Problem[];
}

/** The freezes of one calendar; `path` leads to their list. */
export function readFreezes(
  file: string,
  path: ValuePath,
  declared: FreezeDeclarations,
): FreezesResult {
  const freezes: FreezeWindow[] = [];
  const problems: Problem[] = [];
  for (const [index, { owner, reason, ...times }] of declared.entries()) {
    const at = (key: 'from' | 'until') => valueSpot(file, ...path, index, key);
    const from = readLocalTime(times.from, at('from'), problems);
    const until = readLocalTime(times.until, at('until'), problems);
    if (from === undefined || until === undefined) continue;
    if (from < until) freezes.push({ from, until, owner, reason });
    else problems.push(reversed(at));
  }
  return { freezes, problems };
}

function readLocalTime(text: string, at: ValueSpot, problems: Problem[]): LocalTime | undefined {
  // Read as if its zone were UTC, a local time is a number of milliseconds of its own clock.
  const result = parseDateTime(text, 'UTC');
  if (!result.ok) {
    const { message, help } = result.problem;
    const isDate = /^\s*\d{4}-\d{2}-\d{2}/.test(text);
    problems.push({ rule: 'invalid-date-time', message, at, help: isDate ? help : howTo });
    return undefined;
  }
  if (!hasZone(text)) return result.at;
  problems.push({
    rule: 'invalid-date-time',
    message: `${quote(text)} names an offset, and a freeze is local time of each job`,
    at,
    help: 'Leave out the Z or the offset: every job reads it in its own time zone.',
  });
  return undefined;
}

const howTo = 'Write it like `2026-12-18 18:00`.';

function hasZone(text: string): boolean {
  return /[Tt ].*([Zz]|[+-]\d{2}(:?\d{2})?)\s*$/.test(text);
}

function reversed(at: (key: 'from' | 'until') => ValueSpot): Problem {
  return {
    rule: 'reversed-range',
    message: 'the freeze ends before it begins',
    at: at('until'),
    related: [{ at: at('from'), note: 'it begins here' }],
    help: 'Write an `until` after `from`; it is exclusive.',
  };
}
