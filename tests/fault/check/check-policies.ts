import type { RunRecord } from '../../../src/dispatch/run.ts';
import type { FaultJob } from '../fault-job.ts';
import type { Fault } from '../history.ts';
import type { RunIndex } from './run-index.ts';

/** What was left out was left out by a policy that says so, and what was caught up likewise. */
export function checkPolicies(index: RunIndex): Fault[] {
  return index.history.records.flatMap((record): Fault[] => {
    const job = index.jobs.get(record.job ?? '');
    if (!job) return [];
    if (record.trigger === 'catch-up' && job.catchUp === 'none') {
      return [{ kind: 'PHANTOM', subject: record.id, detail: 'caught up, but policy none' }];
    }
    const detail = wrongfullyLeftOut(record, job, index);
    return detail === undefined ? [] : [{ kind: 'LOST', subject: record.id, detail }];
  });
}

function wrongfullyLeftOut(record: RunRecord, job: FaultJob, index: RunIndex): string | undefined {
  if (record.state === 'missed') return missedComplaint(record, job, index);
  if (record.state === 'skipped') return skippedComplaint(record, job, index);
  return undefined;
}

function missedComplaint(record: RunRecord, job: FaultJob, index: RunIndex): string | undefined {
  if (job.catchUp === 'all') return 'missed, but policy all';
  if (job.catchUp === 'none') return undefined;
  const lastAt = record.lastNominalAt ?? record.nominalAt ?? Number.NaN;
  const instants = [...(index.expected.get(job.name)?.keys() ?? [])];
  const nextAt = instants[instants.indexOf(lastAt) + 1];
  const next = index.byJob.get(job.name)?.find(({ nominalAt }) => nominalAt === nextAt);
  if (nextAt === undefined || (next !== undefined && next.state !== 'missed')) return undefined;
  return 'the latest of a gap was not caught up';
}

function skippedComplaint(record: RunRecord, job: FaultJob, index: RunIndex): string | undefined {
  const { reason, endedAt = 0 } = record;
  if (reason === undefined) return undefined;
  if (reason === 'disabled') {
    return endedAt >= index.history.disabledAt ? undefined : 'skipped as disabled before it was';
  }
  // The schedule was edited while the jitter of this occurrence ran.
  if (reason === 'edited' && job.jitterMs > 0) return undefined;
  if (!reasonsOf[job.overlap].includes(reason))
    return `skipped (${reason}), overlap ${job.overlap}`;
  if (reason !== 'overlap' || job.overlap !== 'skip') return undefined;
  const isHeld = index.byJob
    .get(job.name)
    ?.some((other) => other.id !== record.id && holdsAt(other, endedAt));
  return isHeld ? undefined : 'skipped for an overlap with nothing';
}

const reasonsOf: Readonly<Record<FaultJob['overlap'], readonly string[]>> = {
  allow: [],
  skip: ['overlap'],
  queue: ['queue-full'],
  'queue-latest': ['overlap'],
  replace: ['replaced'],
};

/** Whether the run waited or was under way then, as far as its record says. */
function holdsAt({ attempt, state, plannedAt, endedAt }: RunRecord, at: number): boolean {
  const isRun = attempt > 0 || state === 'waiting';
  return isRun && plannedAt <= at && (endedAt === undefined || endedAt >= at);
}
