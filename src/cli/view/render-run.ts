import { approximateDuration } from '../../clock/approximate-duration.ts';
import type { Instant } from '../../clock/clock.ts';
import type { RunRecord } from '../../dispatch/run.ts';
import type { Paint } from '../../telemetry/paint.ts';
import { renderRunEnd } from './render-run-end.ts';
import { isoInstant } from './times.ts';
import { visibleText } from './visible-text.ts';

/** Everything the ledger has of one run, but its log: how it ended first. */
export function renderRun(run: RunRecord, paint: Paint): string[] {
  const facts = [
    ['job', run.job],
    ['service', run.service],
    ['trigger', run.actor === undefined ? run.trigger : `${run.trigger}, by ${run.actor}`],
    ['nominal', nominalOf(run)],
    ['number', run.number === undefined ? undefined : String(run.number)],
    ['planned', isoInstant(run.plannedAt)],
    ['started', startedOf(run)],
    ['ended', timeOf(run.endedAt)],
    ['next try', timeOf(run.retryAt)],
    ['attempt', run.attempt === 0 ? undefined : String(run.attempt)],
    ['host', run.host],
    ['declared', run.place],
    ['commit', run.commit],
    ['revision', run.revision],
    ['payload', run.payload],
    ['result', run.result],
  ] as const;
  return [
    ...renderRunEnd(run, paint),
    ...facts.flatMap(([name, value]) =>
      value === undefined ? [] : [`${paint.dim(name.padEnd(8))} ${visibleText(value)}`],
    ),
  ];
}

function nominalOf({ nominalAt, lastNominalAt, count = 1 }: RunRecord): string | undefined {
  if (nominalAt === undefined || lastNominalAt === undefined || count === 1)
    return timeOf(nominalAt);
  return `${count} times, ${isoInstant(nominalAt)} to ${isoInstant(lastNominalAt)}`;
}

/** Of several attempts this is the last one. */
function startedOf({ startedAt, plannedAt }: RunRecord): string | undefined {
  if (startedAt === undefined) return undefined;
  return `${isoInstant(startedAt)}, ${approximateDuration(startedAt - plannedAt)} after that`;
}

const timeOf = (at: Instant | undefined) => (at === undefined ? undefined : isoInstant(at));
