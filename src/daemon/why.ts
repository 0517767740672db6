import type { Backend } from '../backend/backend.ts';
import type { Instant } from '../clock/clock.ts';
import type { JobDefinition } from '../config/snapshot.ts';
import { type RunRecord, unfinishedStates } from '../dispatch/run.ts';
import { occurrenceId } from '../dispatch/run-id.ts';
import { type JudgedOccurrence, nextByCalendar } from '../schedule/next-by-calendar.ts';
import { occurrencesBetween } from '../schedule/occurrences-between.ts';
import type { Progress } from '../schedule/progress.ts';
import { backfillId } from './backfill.ts';
import type { WhyView } from './control.ts';

export interface WhyInput {
  readonly job: JobDefinition;
  readonly at: Instant;
  readonly now: Instant;
  readonly backend: Pick<Backend, 'run' | 'runs'>;
  /** How far the ledger is complete; absent when the job has never been seen by a daemon. */
  readonly progress?: Progress;
  /** Sentence about what keeps the job from firing at present, when something does. */
  readonly standstill?: string;
}

/** Why a job ran, did not run, or will run at an instant: the past from the ledger, the future from the model. */
export async function why(input: WhyInput): Promise<WhyView> {
  const { job, at, now } = input;
  const run = await findRecord(input);
  const anchorAt = input.progress?.anchorAt ?? now;
  const judged = nextOf(job, at - 1, anchorAt);
  const neighbour = (key: 'previous' | 'next', near: Instant | undefined) =>
    near === undefined || isBeyondRepeats(input, near) ? {} : { [key]: iso(near) };
  const around = {
    job: job.name,
    at: iso(at),
    ...neighbour('previous', previousOf(job, at, anchorAt)),
    ...neighbour('next', nextOf(job, at, anchorAt)?.nominalAt),
  };
  const afterwards = await backfillSentence(input);
  if (run) {
    const { verdict, because } = verdictOfRecord(run);
    return { ...around, verdict, because: [...because, ...afterwards], run };
  }
  if (judged?.nominalAt !== at) {
    const because = [`The schedule of "${job.name}" has no occurrence at ${iso(at)}.`];
    return { ...around, verdict: 'not-an-occurrence', because };
  }
  if (isBeyondRepeats(input, at)) {
    const because = [`Its schedule has only ${job.schedule.repeats} occurrences, all before then.`];
    return { ...around, verdict: 'not-an-occurrence', because };
  }
  const { verdict, because } =
    at <= now ? verdictWithoutRecord(input) : verdictOfFuture(input, judged);
  return { ...around, verdict, because: [...because, ...afterwards] };
}

/** Whether `repeats` ends the schedule before; what the ledger is complete for, it knows itself. */
function isBeyondRepeats({ job, progress }: WhyInput, at: Instant): boolean {
  const { repeats } = job.schedule;
  if (repeats === undefined || progress === undefined || at <= progress.cursorAt) return false;
  const { cursorAt, anchorAt, occurrences } = progress;
  return occurrences + occurrencesBetween(job.schedule, cursorAt, at, anchorAt, 0).count > repeats;
}

/** The newest backfill of that time: the record of the time itself stays as it was. */
async function backfillSentence({ job, at, backend }: WhyInput): Promise<string[]> {
  let newest: RunRecord | undefined;
  for (let number = 1; ; number++) {
    const run = await backend.run(backfillId(job.name, at, number));
    if (!run) break;
    newest = run;
  }
  return newest ? [`It was backfilled: "${newest.id}" is ${newest.state}.`] : [];
}

const nextOf = ({ schedule, calendars }: JobDefinition, after: Instant, anchorAt: Instant) =>
  nextByCalendar(schedule, calendars, after, anchorAt);

/** The record of that very time, or the stretch it lies in. */
async function findRecord({ job, at, backend }: WhyInput): Promise<RunRecord | undefined> {
  const own = await backend.run(occurrenceId(job.name, at));
  if (own) return own;
  let after: string | undefined;
  do {
    const page = await backend.runs({
      job: job.name,
      states: ['missed', 'skipped'],
      limit: 1000,
      ...(after === undefined ? {} : { after }),
    });
    const covering = page.runs.find((run) => covers(run, at));
    if (covering) return covering;
    after = page.next;
  } while (after !== undefined);
  return undefined;
}

const covers = ({ nominalAt, lastNominalAt }: RunRecord, at: Instant) =>
  nominalAt !== undefined && nominalAt <= at && at <= (lastNominalAt ?? nominalAt);

function verdictOfRecord(run: RunRecord): Pick<WhyView, 'verdict' | 'because'> {
  if (run.state === 'missed' || run.state === 'skipped') {
    const because = [reasonSentence(run), ...stretchSentence(run)];
    return { verdict: run.state, because };
  }
  const isUnfinished = unfinishedStates.some((state) => state === run.state);
  if (run.state === 'waiting') return { verdict: 'waiting', because: ['It waits for its turn.'] };
  const started = run.startedAt === undefined ? [] : [startSentence(run, run.startedAt)];
  if (isUnfinished) return { verdict: 'running', because: [`It is ${run.state}.`, ...started] };
  const error = run.error ? [`Its error: ${run.error.message}`] : [];
  return { verdict: 'ran', because: [`It ended: ${run.state}.`, ...started, ...error] };
}

function startSentence(run: RunRecord, startedAt: Instant): string {
  const lateMs = Math.max(startedAt - run.plannedAt, 0);
  const trigger = run.trigger === 'schedule' ? '' : ` (${run.trigger})`;
  return `Attempt ${run.attempt} started at ${iso(startedAt)}${trigger}, ${lateMs} ms after its time.`;
}

const reasons: Readonly<Record<string, string>> = {
  outage:
    'Nobody fired then: the daemon was down, suspended or could not write. The catch-up policy did not ask for it afterwards.',
  window: 'Nobody fired then, and when the daemon was back it was older than the catch-up window.',
  overlap:
    'A run of the job was still under way, and the overlap policy leaves out what comes meanwhile.',
  replaced: 'A newer run took its place, as the overlap policy says.',
  'queue-full': 'Too many runs were waiting already.',
  paused: 'The job, its group or everything was paused.',
  disabled: 'The job was disabled in its file.',
  edited: 'The job was edited between the time of this occurrence and its jittered start.',
};

function reasonSentence(run: RunRecord): string {
  const { reason = 'no reason is on record', state } = run;
  if (/^(not in )?calendar /.test(reason)) return calendarSentence(reason);
  if (reason.startsWith('paused: ')) return `It was paused then: ${reason.slice(8)}.`;
  return reasons[reason] ?? `It was ${state}: ${reason}.`;
}

const calendarSentence = (reason: string) => `Its calendars exclude it: ${reason}.`;

function stretchSentence({ count = 1, nominalAt, lastNominalAt }: RunRecord): string[] {
  if (count <= 1 || nominalAt === undefined || lastNominalAt === undefined) return [];
  return [`It is one of ${count} from ${iso(nominalAt)} to ${iso(lastNominalAt)}.`];
}

function verdictOfFuture(
  { at, standstill }: WhyInput,
  { excluded, moved }: JudgedOccurrence,
): Pick<WhyView, 'verdict' | 'because'> {
  if (standstill !== undefined) {
    return {
      verdict: 'will-be-skipped',
      because: [standstill, 'As long as that lasts, it will be skipped.'],
    };
  }
  if (excluded !== undefined) {
    const { reason, movedTo } = excluded;
    const instead = movedTo === undefined ? [] : [`It moves to ${iso(movedTo)}.`];
    return { verdict: 'will-be-skipped', because: [calendarSentence(reason), ...instead] };
  }
  if (moved !== undefined) {
    const because = [`It was moved here from ${iso(moved.from)}: ${moved.reason}.`];
    return { verdict: 'will-run', because };
  }
  return { verdict: 'will-run', because: [`Its schedule has an occurrence at ${iso(at)}.`] };
}

function verdictWithoutRecord({
  job,
  at,
  progress,
}: WhyInput): Pick<WhyView, 'verdict' | 'because'> {
  if (!progress) {
    return { verdict: 'not-in-the-ledger', because: [`No daemon has seen "${job.name}" yet.`] };
  }
  if (at <= progress.anchorAt) {
    const because = [
      `The daemon first saw this schedule at ${iso(progress.anchorAt)}; new and changed schedules never look back.`,
    ];
    return { verdict: 'before-the-schedule', because };
  }
  if (at > progress.cursorAt) {
    const because = ['The daemon has not got there yet: it is down, or that moment is this one.'];
    return { verdict: 'waiting', because };
  }
  const because = [
    'The ledger is complete for that time, but its record has been pruned by retention.',
  ];
  return { verdict: 'not-in-the-ledger', because };
}

const longestLookBackMs = 400 * 86_400_000;

/**
 * The newest occurrence before an instant, at most 400 days back. Looked for in growing stretches,
 * from a short one: a job that fires each millisecond must not hold up the scheduler.
 */
function previousOf(job: JobDefinition, at: Instant, anchorAt: Instant): Instant | undefined {
  for (let stretchMs = 1_000; ; stretchMs = Math.min(stretchMs * 8, longestLookBackMs)) {
    let found: Instant | undefined;
    let next = nextOf(job, at - stretchMs, anchorAt)?.nominalAt;
    while (next !== undefined && next < at) {
      found = next;
      next = nextOf(job, next, anchorAt)?.nominalAt;
    }
    if (found !== undefined || stretchMs === longestLookBackMs) return found;
  }
}

const iso = (at: Instant) => new Date(at).toISOString();
