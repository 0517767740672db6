import type { RunRecord } from '../../../src/dispatch/run.ts';
import type { FaultJob } from '../fault-job.ts';
import type { Fault, FaultHistory, OutsideLine } from '../history.ts';
import { type RunIndex, type SeenAttempt, wasDisturbed } from './run-index.ts';

// What a lost attempt is granted beyond the job's own attempts (DESIGN §6, `retry.onLost`).
const extraAttempts = 2;
// A disturbance makes itself felt this long after it is over.
const aftermathMs = 2000;
// A host ends itself so soon after its daemon, on a busy machine.
const noticeMs = 2000;

/** Each start was asked for, was the only one of its attempt, and came at its time. */
export function checkStarts(index: RunIndex): Fault[] {
  return [...index.attempts].flatMap(([run, attempts]) => [
    ...attempts.flatMap((attempt) => checkAttempt(run, attempt, index)),
    ...checkNumber(run, attempts, index),
  ]);
}

function checkAttempt(run: string, { attempt, starts }: SeenAttempt, index: RunIndex): Fault[] {
  const [first] = starts;
  if (!first) return [{ kind: 'LIAR', subject: run, detail: `attempt ${attempt} never started` }];
  const faults: Fault[] = [];
  if (starts.length > 1) {
    const pids = starts.map(({ pid, start }) => `${pid} at ${new Date(start).toISOString()}`);
    faults.push({
      kind: 'DUPLICATE',
      subject: run,
      detail: `attempt ${attempt} started by ${pids.join(' and ')}`,
    });
  }
  if (starts.some((start) => isOrphan(start, index.history))) {
    const detail = `attempt ${attempt} started in a host whose daemon was long dead`;
    faults.push({ kind: 'PHANTOM', subject: run, detail });
  }
  return [...faults, ...checkTime(first, index)];
}

/** What was handed over just before a kill may start just after it: hosts take a moment to notice. */
function isOrphan({ parent, start }: OutsideLine, { disturbances }: FaultHistory): boolean {
  // The driver, too, notices a death a moment after it.
  const noticedBy = start + noticeMs;
  const death = disturbances.findLast(
    ({ kind, fromAt }) => kind === 'daemon-down' && fromAt <= noticedBy,
  );
  return parent === 1 && (death === undefined || start - death.fromAt > noticeMs);
}

function checkTime(start: OutsideLine, index: RunIndex): Fault[] {
  const { records, expected, jobs, history } = index;
  const subject = start.run;
  const record = records.get(start.run);
  const job = jobs.get(start.job);
  if (!record) return [{ kind: 'PHANTOM', subject, detail: 'started without a record' }];
  if (!job || !expected.get(start.job)?.has(start.nominal)) {
    return [{ kind: 'PHANTOM', subject, detail: 'started, but no schedule names that instant' }];
  }
  const delayMs = record.plannedAt - start.nominal;
  if (delayMs < 0 || delayMs > job.jitterMs) {
    const detail = `planned ${delayMs} ms after its time, jitter ${job.jitterMs} ms`;
    return [{ kind: delayMs < 0 ? 'EARLY' : 'LATE', subject, detail }];
  }
  const lateMs = start.start - record.plannedAt;
  if (lateMs < 0) return [{ kind: 'EARLY', subject, detail: `by ${-lateMs} ms` }];
  if (lateMs <= history.lateMs || !isOnTimeKind(start, record, job)) return [];
  const isExcused =
    wasDisturbed(history, record.plannedAt - aftermathMs, start.start) ||
    stoodInLine(start, record.plannedAt, index);
  return isExcused ? [] : [{ kind: 'LATE', subject, detail: `by ${lateMs} ms` }];
}

/** Whether meanwhile hosts were busy with what was overdue before it: an outage's backlog goes first. */
function stoodInLine(
  start: OutsideLine,
  plannedAt: number,
  { history, records }: RunIndex,
): boolean {
  return history.outside.some((other) => {
    const isMeanwhile = other.start >= plannedAt && other.start <= start.start;
    const otherAt = records.get(other.run)?.plannedAt ?? plannedAt;
    return isMeanwhile && otherAt < plannedAt - history.lateMs;
  });
}

/** Only what waits for nothing else can be late. */
function isOnTimeKind({ attempt }: OutsideLine, { trigger }: RunRecord, job: FaultJob): boolean {
  return attempt === 1 && trigger === 'schedule' && job.overlap === 'allow';
}

function checkNumber(
  run: string,
  attempts: readonly SeenAttempt[],
  { records, jobs }: RunIndex,
): Fault[] {
  const record = records.get(run);
  const job = jobs.get(record?.job ?? '');
  const last = attempts.at(-1)?.attempt ?? 0;
  if (!record || !job) return [];
  const granted = job.attempts + (job.onLost ? extraAttempts : 0);
  if (last > granted) {
    const detail = `attempt ${last} of ${granted}`;
    return [{ kind: 'PHANTOM', subject: run, detail }];
  }
  if (last <= record.attempt) return [];
  const detail = `attempt ${last} started, the record knows ${record.attempt}`;
  return [{ kind: 'LIAR', subject: run, detail }];
}
