import type { Instant } from '../clock/clock.ts';
import { parseDateTime } from './parse-date-time.ts';
import { type Duration, parseDuration } from './parse-duration.ts';
import type { ScheduleProblem } from './schedule.ts';
import { checkTimezone } from './timezone.ts';

/**
 * Reads the values of one declaration, of which nothing is known, and collects what is wrong with
 * them. Each method gives undefined for what is absent or wrong.
 */
export class DeclarationReader {
  readonly problems: ScheduleProblem[] = [];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(declaration: unknown) {
    const isMap = typeof declaration === 'object' && declaration !== null;
    this.#values = isMap ? (declaration as Readonly<Record<string, unknown>>) : {};
  }

  value(key: string): unknown {
    return this.#values[key];
  }

  /** UTC when it is wrong, so that the rest can be checked. */
  timezone(byDefault: unknown): string {
    const written = this.value('timezone');
    const result = checkTimezone(written === undefined ? byDefault : written);
    if (result.ok) return result.name;
    const { message, help } = result;
    this.problems.push({ rule: 'unknown-timezone', message, help, path: ['timezone'] });
    return 'UTC';
  }

  /** Whether the key is there; if not, that is a problem. */
  has(key: string): boolean {
    const value = this.value(key);
    if (value !== undefined && value !== null) return true;
    const message = `the ${String(this.value('type'))} schedule has no \`${key}\``;
    const help = `Add \`${key}\`.`;
    this.problems.push({ rule: 'schedule-incomplete', message, help, path: [key] });
    return false;
  }

  instant(key: string, timezone: string): Instant | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const result = parseDateTime(value, timezone);
    if (result.ok) return result.at;
    this.problems.push({ rule: 'invalid-date-time', ...result.problem, path: [key] });
    return undefined;
  }

  duration(key: string): Duration | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const result = parseDuration(value);
    if (result.ok) return result.duration;
    const { key: part, ...problem } = result.problem;
    const path = part === undefined ? [key] : [key, part];
    this.problems.push({ rule: 'invalid-duration', ...problem, path });
    return undefined;
  }

  repeats(): number | undefined {
    const value = this.value('repeats');
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
    this.problems.push({
      rule: 'schedule-bounds',
      message: '`repeats` is not a whole number from 1 up',
      help: 'Write how many times in all, or leave it out for no limit.',
      path: ['repeats'],
    });
    return undefined;
  }

  /** A map inside the declaration; empty when it is absent or wrong. */
  map(key: string, help: string): DeclarationReader {
    const value = this.value(key);
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (value !== undefined && !isMap)
      this.problems.push({
        rule: 'schedule-type',
        message: `\`${key}\` is not a map`,
        help,
        path: [key],
      });
    return new DeclarationReader(value);
  }

  choice<Choice extends string>(key: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.value(key);
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined && value !== undefined)
      this.problems.push({
        rule: 'schedule-type',
        message: `unknown choice for \`${key}\``,
        help: `There are ${choices.map((each) => `\`${each}\``).join(', ')}.`,
        path: [key],
      });
    return choice;
  }
}
