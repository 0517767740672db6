import type { Backend } from '../backend/backend.ts';
import type { Clock, Instant } from '../clock/clock.ts';
import type { JobDefinition } from '../config/snapshot.ts';
import { type RunId, type RunRecord, unfinishedStates } from '../dispatch/run.ts';
import { occurrenceId } from '../dispatch/run-id.ts';
import { ulid } from '../dispatch/ulid.ts';
import { JobsdError } from '../errors.ts';
import { nextByCalendar } from '../schedule/next-by-calendar.ts';
import type { BackfillStep } from './control.ts';
import type { Engine } from './engine.ts';
import { readInstant } from './read-instant.ts';

export interface BackfillOptions {
  readonly engine: Engine;
  readonly backend: Backend;
  readonly clock: Clock;
  readonly random: () => number;
  /** Origin of an interval without `start`. */
  readonly anchorOf: (job: string) => Instant;
}

/** Steps of one answer; a longer backfill goes on where it ended. */
export const maxBackfillSteps = 10_000;

/** Does again, or for the first time, what a schedule asked for in the past. */
export class Backfill {
  private readonly options: BackfillOptions;

  constructor(options: BackfillOptions) {
    this.options = options;
  }

  /** What would be done for each nominal time in [from, to), oldest first. Starts nothing. */
  async plan(
    job: JobDefinition,
    range: { from: string; to: string; force?: boolean; limit?: number },
  ): Promise<BackfillStep[]> {
    const { timezone } = job.schedule;
    const from = readInstant('from', range.from, timezone);
    const to = readInstant('to', range.to, timezone);
    if (to <= from) throw new JobsdError('JOBSD_INPUT_INVALID', 'to: it is not after "from".');
    if (to > this.options.clock.now()) {
      throw new JobsdError(
        'JOBSD_INPUT_INVALID',
        'to: a backfill ends in the past, at the latest now.',
      );
    }
    const steps: BackfillStep[] = [];
    const limit = Math.min(range.limit ?? maxBackfillSteps, maxBackfillSteps);
    for (const at of this.nominals(job, from, to)) {
      if (steps.length >= limit) break;
      steps.push(await this.step(job, at, range.force === true));
    }
    return steps;
  }

  /** Makes the run of one nominal time; its id holds that time, so that asking twice makes one. */
  async run(
    job: JobDefinition,
    { nominal, force = false, actor }: { nominal: string; force?: boolean; actor?: string },
  ): Promise<RunRecord> {
    const at = readInstant('nominal', nominal, job.schedule.timezone);
    const [occurrence] = this.nominals(job, at, at + 1);
    if (occurrence !== at) {
      throw new JobsdError('JOBSD_INPUT_INVALID', `"${job.name}" has no occurrence at ${nominal}.`);
    }
    const step = await this.step(job, at, force);
    if (step.plan !== 'run') return this.options.engine.run(step.run ?? '');
    return this.options.engine.runJob(job.name, {
      trigger: 'backfill',
      id: await this.freshId(job.name, at),
      nominalAt: at,
      ...(actor === undefined ? {} : { actor }),
    });
  }

  /** Calendars hold for the past too: what they exclude was never to run. */
  private *nominals(job: JobDefinition, from: Instant, to: Instant): Iterable<Instant> {
    const anchorAt = this.options.anchorOf(job.name);
    for (let after = from - 1; ; ) {
      const next = nextByCalendar(job.schedule, job.calendars, after, anchorAt);
      if (next === undefined || next.nominalAt >= to) return;
      if (next.excluded === undefined) yield next.nominalAt;
      after = next.nominalAt;
    }
  }

  private async step(job: JobDefinition, at: Instant, force: boolean): Promise<BackfillStep> {
    const nominal = new Date(at).toISOString();
    for (const id of [occurrenceId(job.name, at), backfillId(job.name, at)]) {
      const run = await this.options.backend.run(id);
      if (run && unfinishedStates.some((state) => state === run.state)) {
        return { nominal, plan: 'under-way', run: id };
      }
      if (run?.state === 'succeeded' && !force) return { nominal, plan: 'succeeded', run: id };
    }
    return { nominal, plan: 'run' };
  }

  private async freshId(job: string, at: Instant): Promise<RunId> {
    const id = backfillId(job, at);
    if (!(await this.options.backend.run(id))) return id;
    return `${id}-${ulid(this.options.clock.now(), this.options.random)}`;
  }
}

/** `job@backfill-20261120T170000Z`: beside the occurrence's own record, which stays as it is. */
function backfillId(job: string, at: Instant): RunId {
  return `${job}@backfill-${occurrenceId('', at).slice(1)}`;
}
