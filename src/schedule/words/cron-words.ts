import type { CronFields } from '../schedule.ts';
import { dayPhrase, isEveryDate } from './day-phrase.ts';
import { areListed, countOf, timePhrase, timesOfDay } from './time-phrase.ts';

/**
 * One expression in English, without its zone: `At 02:30, Monday through Friday`, `Every 5 minutes
 * (288 times a day)`. Told from the values that fire, not from the text, so that `H`, names and
 * steps are what they come to.
 */
export function cronWords(cron: CronFields): string {
  const times = timesOfDay(cron);
  const days = dayPhrase(cron);
  const isListed = areListed(times);
  const when = days === '' ? (isListed ? ' every day' : '') : `, ${days}`;
  return `${timePhrase(times)}${when}${isListed ? '' : rate(countOf(times), cron)}`;
}

function rate(count: number, cron: CronFields): string {
  return ` (${count} times ${isEveryDate(cron) ? 'a day' : 'on such a day'})`;
}
