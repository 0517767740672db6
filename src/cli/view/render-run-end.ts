import { approximateDuration } from '../../clock/approximate-duration.ts';
import type { RunRecord } from '../../dispatch/run.ts';
import type { Paint } from '../../telemetry/paint.ts';
import { printable } from '../../telemetry/printable.ts';
import { stateColor } from './state-color.ts';

/** How a run ended, and why when it did not succeed. */
export function renderRunEnd(run: RunRecord, paint: Paint): string[] {
  const { id, state, attempt, error, reason } = run;
  const took = tookOf(run);
  const attempts = attempt > 1 ? ` at attempt ${attempt}` : '';
  const why = reason === undefined ? '' : `: ${reason}`;
  const head = `${id} ${paint[stateColor(state)](state)}${took}${attempts}${why}`;
  return error === undefined ? [head] : [head, ...errorLines(error, paint)];
}

function tookOf({ startedAt, endedAt }: RunRecord): string {
  if (startedAt === undefined || endedAt === undefined) return '';
  return ` after ${approximateDuration(endedAt - startedAt)}`;
}

/** A stack begins with the message already, unless somebody changed one of them. */
function errorLines(error: NonNullable<RunRecord['error']>, paint: Paint): string[] {
  const message = printable(`${error.name}: ${error.message}`);
  const stack = printable(error.stack ?? '');
  const rest = stack.startsWith(message) ? stack.slice(message.length) : stack;
  const code = error.code === undefined ? '' : ` (${error.code})`;
  const frames = rest.split('\n').filter((line) => line.trim() !== '');
  return [`${paint.red(message)}${code}`, ...frames.map((line) => paint.dim(line))];
}
