import type { Command } from 'commander';
import type { BackfillStep, Control } from '../../daemon/control.ts';
import { notFound } from '../../daemon/not-found.ts';
import { JobsdError } from '../../errors.ts';
import { durationMs, parseDuration } from '../../schedule/parse-duration.ts';
import { readTime } from '../arguments/read-time.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { actorOf, type ExitCode } from '../command-io.ts';
import { requireDaemon } from '../find-daemon.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { examples } from '../view/examples.ts';
import { showWaiting } from '../view/show-waiting.ts';

/** As many as the daemon plans at once. */
const mostSteps = 10_000;

interface BackfillOptions {
  readonly from: string;
  readonly to: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly pace?: string;
}

export function define(command: Command, act: Act): void {
  command
    .argument('<job>')
    .requiredOption('--from <time>', "first time, in the job's zone or with Z or an offset")
    .requiredOption('--to <time>', 'end, not included; not in the future')
    .option('--dry-run', 'only show what would run')
    .option('--force', 'also what has succeeded')
    .option('--pace <duration>', 'start one each 5s, say, without waiting for its end')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd backfill sync --from 2026-11-01 --to 2026-11-03 --dry-run', ''],
        ['jobsd backfill sync --from 2026-11-01 --to 2026-11-03', 'one by one'],
      )}

Leaves out what has succeeded. Ctrl-C ends it; the same command goes on later.`,
    )
    .action((job: string, options: BackfillOptions) =>
      act((context) => backfill(context, job, options)),
    );
}

/** Runs what a job's schedule asked for in the past. Exit code 1 when a run failed. */
export function backfill(
  context: CommandContext,
  name: string,
  options: BackfillOptions,
): Promise<ExitCode> {
  const paceMs = options.pace === undefined ? undefined : readPace(options.pace);
  return untilInterrupted(
    context.io,
    async (signal) => {
      const daemon = await requireDaemon(context, signal);
      const steps = await plan(context, daemon, name, options);
      if (options.dryRun === true) return showPlan(context, steps);
      return carryOut(
        { context, daemon, name, signal, paceMs, force: options.force === true },
        steps,
      );
    },
    () => context.note('Ended. The same command goes on with what is left.'),
  );
}

async function plan(
  context: CommandContext,
  daemon: Control,
  name: string,
  { from, to, force = false }: BackfillOptions,
): Promise<readonly BackfillStep[]> {
  const jobs = await daemon.jobs();
  const job = jobs.find((each) => each.name === name);
  if (!job)
    throw notFound(
      'JOBSD_JOB_NOT_FOUND',
      name,
      jobs.map((each) => each.name),
    );
  const iso = (option: string, text: string) =>
    new Date(readTime(option, text, job.timezone)).toISOString();
  const steps = await daemon.planBackfill(name, {
    from: iso('--from', from),
    to: iso('--to', to),
    force,
  });
  if (steps.length === 0) context.note('The schedule has no occurrence in that time.');
  noteLimit(context, steps);
  return steps;
}

/** An answer that is full may have been cut: whoever asked for more must not take it for all. */
function noteLimit(context: CommandContext, steps: readonly BackfillStep[]): void {
  const last = steps.at(-1);
  if (last === undefined || steps.length < mostSteps) return;
  const from = last.nominal.replace('.000Z', 'Z');
  context.note(
    `A backfill takes ${mostSteps} times at most. Go on after these with --from ${from}.`,
  );
}

function showPlan(context: CommandContext, steps: readonly BackfillStep[]): ExitCode {
  if (context.format === 'json') {
    context.printJson({ steps });
    return 0;
  }
  for (const { nominal, plan: what, run } of steps) {
    context.print(
      `${nominal.replace('.000Z', 'Z')}  ${what}${run === undefined ? '' : `  ${run}`}`,
    );
  }
  const count = steps.filter((step) => step.plan === 'run').length;
  context.note(`${count} of ${steps.length} would run. Nothing was started.`);
  return 0;
}

interface Backfilling {
  readonly context: CommandContext;
  readonly daemon: Control;
  readonly name: string;
  readonly signal: AbortSignal;
  readonly paceMs: number | undefined;
  readonly force: boolean;
}

async function carryOut(work: Backfilling, steps: readonly BackfillStep[]): Promise<ExitCode> {
  const { context, daemon, name, force } = work;
  const wanted = steps.filter((step) => step.plan === 'run');
  noteLeftOut(context, steps);
  const ids: string[] = [];
  for (const [index, { nominal }] of wanted.entries()) {
    if (index > 0 && work.paceMs !== undefined) await pause(work, work.paceMs);
    const run = await daemon.backfill(name, { nominal, force, actor: actorOf(context.io) });
    ids.push(run.id);
    if (work.paceMs === undefined) await ended(work, run.id, `${index + 1} of ${wanted.length}`);
  }
  const states: string[] = [];
  for (const id of ids) states.push(await ended(work, id, 'last runs'));
  return showEnd(context, ids, states);
}

function noteLeftOut(context: CommandContext, steps: readonly BackfillStep[]): void {
  const succeeded = steps.filter((step) => step.plan === 'succeeded').length;
  const underWay = steps.filter((step) => step.plan === 'under-way').length;
  if (succeeded > 0)
    context.note(`${succeeded} left out: succeeded before. --force runs them too.`);
  if (underWay > 0) context.note(`${underWay} left out: under way.`);
}

async function ended({ context, daemon }: Backfilling, id: string, where: string): Promise<string> {
  const waiting = showWaiting(context.io, `${where}: ${id}`);
  try {
    for (;;) {
      const run = await daemon.waitForEnd(id, 1000);
      if (!['waiting', 'running', 'retrying'].includes(run.state)) return run.state;
      waiting.show(run);
    }
  } finally {
    waiting.clear();
  }
}

function showEnd(
  context: CommandContext,
  ids: readonly string[],
  states: readonly string[],
): ExitCode {
  const failed = states.filter((state) => state !== 'succeeded').length;
  if (context.format === 'json') {
    context.printJson({ runs: ids.map((id, index) => ({ id, state: states[index] })) });
  } else {
    for (const [index, id] of ids.entries()) context.print(`${id} ${states[index]}`);
    context.note(`${ids.length} run, ${failed} of them without success.`);
  }
  return failed === 0 ? 0 : 1;
}

function pause({ context, signal }: Backfilling, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = context.io.clock.after(ms, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      reject(signal.reason);
    });
  });
}

function readPace(written: string): number {
  const read = parseDuration(written);
  if (read.ok) return durationMs(read.duration);
  throw new JobsdError('JOBSD_USAGE', `--pace: ${read.problem.message}. ${read.problem.help}`);
}
