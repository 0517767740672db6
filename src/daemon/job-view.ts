import type { Instant } from '../clock/clock.ts';
import type { JobDefinition } from '../config/snapshot.ts';
import type { RunRecord } from '../dispatch/run.ts';
import { describeSchedule } from '../schedule/describe-schedule.ts';
import type { JobView } from './control.ts';

export interface JobFacts {
  readonly occurrences: number;
  readonly isPaused: boolean;
  readonly nextAt?: Instant;
  readonly last?: RunRecord | undefined;
}

/** A job as it is shown, from its definition and what the ledger knows of it. */
export function jobView(job: JobDefinition, facts: JobFacts): JobView {
  const { last } = facts;
  // While a job stands still its next occurrence is known, and will be skipped.
  const next = job.enabled && !facts.isPaused ? facts.nextAt : undefined;
  return {
    name: job.name,
    type: job.schedule.type,
    schedule: describeSchedule(job.schedule),
    timezone: job.schedule.timezone,
    service: job.service,
    enabled: job.enabled,
    paused: facts.isPaused,
    ...(job.description === undefined ? {} : { description: job.description }),
    ...(job.owner === undefined ? {} : { owner: job.owner }),
    ...(next === undefined ? {} : { next: iso(next) }),
    occurrences: facts.occurrences,
    ...(last === undefined ? {} : { last: lastOf(last) }),
    place: `${job.place.file}:${job.place.line}`,
  };
}

function lastOf(run: RunRecord) {
  return { id: run.id, state: run.state, at: iso(run.endedAt ?? run.startedAt ?? run.plannedAt) };
}

const iso = (at: Instant) => new Date(at).toISOString();
