import type { Milliseconds } from '../clock/clock.ts';
import { durationMs, parseDuration } from '../schedule/parse-duration.ts';
import type { DurationDeclaration } from '../schedule/schedule.ts';
import { describePath } from './describe-value.ts';
import { type Problem, type ValuePath, valueSpot } from './problem.ts';

/** Reads the durations of one declaration and keeps what is wrong with them. */
export interface DurationReader {
  /** Undefined when it is not declared or not readable. */
  optional(path: ValuePath, declared: DurationDeclaration | undefined): Milliseconds | undefined;
  /** As `optional`, and zero is a mistake too. */
  positive(path: ValuePath, declared: DurationDeclaration | undefined): Milliseconds | undefined;
  readonly problems: readonly Problem[];
}

/** Days count as 24 hours: none of these lengths has a zone. */
export function durationReader(file: string): DurationReader {
  const problems: Problem[] = [];
  const optional: DurationReader['optional'] = (path, declared) => {
    if (declared === undefined) return undefined;
    const result = parseDuration(declared);
    if (result.ok) return durationMs(result.duration);
    problems.push(unreadable(file, path, result.problem));
    return undefined;
  };
  return {
    problems,
    optional,
    positive(path, declared) {
      const ms = optional(path, declared);
      if (ms !== 0) return ms;
      const message = `${describePath(path)} has to be longer than nothing`;
      problems.push({ rule: 'invalid-duration', message, at: valueSpot(file, ...path) });
      return undefined;
    },
  };
}

type DurationProblem = Extract<ReturnType<typeof parseDuration>, { ok: false }>['problem'];

function unreadable(file: string, path: ValuePath, problem: DurationProblem): Problem {
  const at = valueSpot(file, ...path, ...(problem.key === undefined ? [] : [problem.key]));
  const { offset, length } = problem;
  return {
    rule: 'invalid-duration',
    message: `${describePath(path)}: ${problem.message}`,
    at: {
      ...at,
      ...(offset === undefined ? {} : { offset }),
      ...(length === undefined ? {} : { length }),
    },
    help: problem.help,
  };
}
