import type { Instant } from '../../../src/clock/clock.ts';
import type { RunRecord } from '../../../src/dispatch/run.ts';
import type { Fault, FaultHistory } from '../history.ts';
import { isDeathOf, type RunIndex, type SeenAttempt, wasDisturbed } from './run-index.ts';

// A result is on its way to the ledger for as long as this at most, on a busy machine, and while the
// daemon stands still.
const settleMs = 5000;

/** Each record has come to its end, says why, and says what the outside saw. */
export function checkRecords(index: RunIndex): Fault[] {
  return index.history.records.flatMap((record): Fault[] => {
    const subject = record.id;
    const silence = silenceOf(record);
    if (silence) return [{ kind: 'SILENT', subject, detail: silence }];
    const lie = lieOf(record, index);
    return lie ? [{ kind: 'LIAR', subject, detail: lie }] : [];
  });
}

function silenceOf({ state, endedAt, reason, error }: RunRecord): string | undefined {
  if (state === 'waiting' || state === 'running' || state === 'retrying') return `still ${state}`;
  if (endedAt === undefined) return `${state} without an end`;
  const needsReason = state === 'skipped' || state === 'missed' || state === 'cancelled';
  if (needsReason && !reason) return `${state} without a reason`;
  const needsError = state === 'failed' || state === 'lost' || state === 'timed-out';
  return needsError && !error ? `${state} without an error` : undefined;
}

function lieOf(record: RunRecord, index: RunIndex): string | undefined {
  const attempts = index.attempts.get(record.id) ?? [];
  const given = attempts.find(({ attempt }) => attempt === record.attempt);
  const denied = attempts.find(
    (one) => one.attempt < record.attempt && one.end?.outcome === 'done' && !wasCut(one, index),
  );
  if (denied) return `attempt ${denied.attempt} was done, and tried again`;
  const outcome = given?.end?.outcome;
  switch (record.state) {
    case 'succeeded':
      if (record.error) return `succeeded, with the error "${record.error.message}"`;
      return outcome === 'done' ? undefined : `succeeded, but outside ${outcome ?? 'no end'}`;
    case 'failed':
      return outcome === 'threw' ? undefined : `failed, but outside ${outcome ?? 'no end'}`;
    case 'lost':
      return lostLie(record, given, index);
    case 'timed-out':
      return timeoutLie(record, given, index);
    case 'cancelled':
      return index.jobs.get(record.job ?? '')?.overlap === 'replace' ? undefined : 'by nobody';
    case 'skipped':
    case 'missed':
      return attempts.length === 0 ? undefined : `${record.state}, but it was started`;
    default:
      return undefined;
  }
}

/** Whether a process died while the attempt's result was on its way. */
function wasCut({ end, starts }: SeenAttempt, { history }: RunIndex): boolean {
  const fromAt = starts[0]?.start ?? 0;
  const settledAt = settledBy(end?.end ?? fromAt, history);
  return wasDisturbed(history, fromAt, settledAt, isDeathOf(starts[0]?.pid));
}

function settledBy(endAt: Instant, { disturbances }: FaultHistory): Instant {
  let settledAt = endAt + settleMs;
  for (const { kind, fromAt, untilAt } of disturbances) {
    const isStop = kind === 'daemon-stopped' && fromAt <= settledAt && untilAt >= endAt;
    if (isStop) settledAt = Math.max(settledAt, untilAt + settleMs);
  }
  return settledAt;
}

function lostLie(record: RunRecord, given: SeenAttempt | undefined, index: RunIndex) {
  const fromAt = (given?.starts[0]?.start ?? record.startedAt ?? 0) - settleMs;
  const died = isDeathOf(given?.starts[0]?.pid);
  if (!wasDisturbed(index.history, fromAt, record.endedAt ?? fromAt, died)) {
    return 'lost, but nothing died';
  }
  const isDone = given?.end?.outcome === 'done';
  return isDone && given && !wasCut(given, index) ? 'lost, but done long before' : undefined;
}

function timeoutLie(record: RunRecord, given: SeenAttempt | undefined, index: RunIndex) {
  const timeoutMs = index.jobs.get(record.job ?? '')?.timeoutMs ?? 0;
  // What was aborted may have begun a little before it could say so.
  if (given?.end?.outcome !== 'done') return undefined;
  const tookMs = (given.end.end ?? 0) - given.end.start;
  return tookMs < timeoutMs ? `timed out, but outside it was done in ${tookMs} ms` : undefined;
}
