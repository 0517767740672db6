import type { Backend } from '../backend/backend.ts';
import type { Clock, Instant } from '../clock/clock.ts';
import type { JobDefinition } from '../config/snapshot.ts';
import { type RunId, type RunRecord, unfinishedStates } from '../dispatch/run.ts';
import { occurrenceId } from '../dispatch/run-id.ts';
import { JobsdError } from '../errors.ts';
import { nextByCalendar } from '../schedule/next-by-calendar.ts';
import { occurrencesBetween } from '../schedule/occurrences-between.ts';
import type { BackfillStep } from './control.ts';
import type { Engine } from './engine.ts';
import { readInstant } from './read-instant.ts';

export interface BackfillOptions {
  readonly engine: Engine;
  readonly backend: Backend;
  readonly clock: Clock;
  /** Origin of an interval without `start`, and from where `repeats` counts. */
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
    this.refuseFuture('to', to);
    const steps: BackfillStep[] = [];
    const limit = Math.min(range.limit ?? maxBackfillSteps, maxBackfillSteps);
    for (const at of this.nominals(job, from, to)) {
      if (steps.length >= limit) break;
      const { freshId: _, ...step } = await this.step(job, at, range.force === true);
      steps.push(step);
    }
    return steps;
  }

  /** Makes the run of one nominal time; its id holds that time, so that asking twice makes one. */
  async run(
    job: JobDefinition,
    { nominal, force = false, actor }: { nominal: string; force?: boolean; actor?: string },
  ): Promise<RunRecord> {
    const at = readInstant('nominal', nominal, job.schedule.timezone);
    this.refuseFuture('nominal', at);
    const [occurrence] = this.nominals(job, at, at + 1);
    if (occurrence !== at) {
      throw new JobsdError('JOBSD_INPUT_INVALID', `"${job.name}" has no occurrence at ${nominal}.`);
    }
    const step = await this.step(job, at, force);
    if (step.plan !== 'run') return this.options.engine.run(step.run ?? '');
    return this.options.engine.runJob(job.name, {
      trigger: 'backfill',
      id: step.freshId,
      nominalAt: at,
      ...(actor === undefined ? {} : { actor }),
    });
  }

  private refuseFuture(field: string, at: Instant): void {
    if (at <= this.options.clock.now()) return;
    throw new JobsdError(
      'JOBSD_INPUT_INVALID',
      `${field}: a backfill ends in the past, at the latest now.`,
    );
  }

  /**
   * Calendars and `repeats` hold for the past too: what they leave out was never to run. Moved
   * times count where they go, as they do when they are due.
   */
  private *nominals({ name, schedule, calendars }: JobDefinition, from: Instant, to: Instant) {
    const anchorAt = this.options.anchorOf(name);
    const { repeats } = schedule;
    let count =
      repeats === undefined
        ? 0
        : occurrencesBetween(schedule, anchorAt, from - 1, anchorAt, 0).count;
    for (let after = from - 1; ; ) {
      const next = nextByCalendar(schedule, calendars, after, anchorAt);
      if (next === undefined || next.nominalAt >= to) return;
      const { nominalAt, excluded } = next;
      if (nominalAt > anchorAt && excluded?.movedTo === undefined) count += 1;
      if (repeats !== undefined && count > repeats) return;
      if (excluded === undefined) yield nominalAt;
      after = nominalAt;
    }
  }

  /** `freshId` is what its run would be called: whoever asks at the same time gets the same. */
  private async step(
    job: JobDefinition,
    at: Instant,
    force: boolean,
  ): Promise<BackfillStep & { readonly freshId: RunId }> {
    const nominal = new Date(at).toISOString();
    let found: BackfillStep = { nominal, plan: 'run' };
    let id = occurrenceId(job.name, at);
    for (let number = 1; ; number++) {
      const run = await this.options.backend.run(id);
      if (run && unfinishedStates.some((state) => state === run.state)) {
        found = { nominal, plan: 'under-way', run: id };
      } else if (run?.state === 'succeeded' && !force && found.plan === 'run') {
        found = { nominal, plan: 'succeeded', run: id };
      }
      // The occurrence itself may have no record: it was before the job was first seen, say.
      if (!run && number > 1) return { ...found, freshId: id };
      id = backfillId(job.name, at, number);
    }
  }
}

/**
 * `job@backfill-20261120T170000Z`: beside the occurrence's own record, which stays as it is. Those
 * after the first, which did not succeed or were forced, end in `-2`, `-3` ...
 */
export function backfillId(job: string, at: Instant, number: number): RunId {
  const first = `${job}@backfill-${occurrenceId('', at).slice(1)}`;
  return number === 1 ? first : `${first}-${number}`;
}
