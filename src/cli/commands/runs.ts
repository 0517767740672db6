import type { Command } from 'commander';
import type { RunPage, RunQuery } from '../../backend/backend.ts';
import { nearestName } from '../../config/nearest-name.ts';
import type { RunRecord, RunState } from '../../dispatch/run.ts';
import { JobsdError } from '../../errors.ts';
import { toRunView } from '../../http/run-view.ts';
import { readCount } from '../arguments/read-count.ts';
import { readStates } from '../arguments/read-states.ts';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { declaredJobs } from '../declared-jobs.ts';
import { type Ledger, openLedger } from '../open-ledger.ts';
import { examples } from '../view/examples.ts';
import { renderRun } from '../view/render-run.ts';
import { renderRuns } from '../view/render-runs.ts';

export interface RunsOptions {
  readonly state?: readonly RunState[];
  readonly limit: number;
  readonly after?: string;
}

export function define(command: Command, act: Act): void {
  command
    .argument('[job]', 'only the runs of this job; or a run: all that is known of it')
    .option('--state <states>', 'only runs in these states, separated by commas', readStates)
    .option('--limit <count>', 'how many at most (1 to 1000)', readCount(1, 1000), 50)
    .option('--after <cursor>', 'go on where the last page ended')
    .addHelpText(
      'after',
      examples(
        ['jobsd runs', 'what ran last'],
        ['jobsd runs sync-data --state failed,timed-out', 'what went wrong with one job'],
        ['jobsd runs --state dead', 'what could be tried again'],
        ['jobsd runs sync-data@20261120T170000Z', 'all that is known of one'],
        ['jobsd runs --format json --limit 1000', '"next" is the cursor'],
      ),
    )
    .action((job: string | undefined, options: RunsOptions) =>
      act((context) => runs(context, job, options)),
    );
}

/** Lists runs, the newest first, or shows one; reads the state file when no daemon runs. */
export async function runs(
  context: CommandContext,
  job: string | undefined,
  { state, limit, after }: RunsOptions,
): Promise<ExitCode> {
  const ledger = await openLedger(context);
  try {
    if (job?.includes('@')) return showRun(context, await ledger.run(job));
    const query: RunQuery = {
      limit,
      ...(job !== undefined && { job }),
      ...(state !== undefined && { states: state }),
      ...(after !== undefined && { after }),
    };
    const page = await ledger.runs(query);
    if (page.runs.length === 0 && job !== undefined) await refuseUnknownJob(context, ledger, job);
    show(context, page);
    return 0;
  } finally {
    await ledger.close();
  }
}

/** A misspelt name has no runs either; that it is misspelt is what its writer wants to know. */
async function refuseUnknownJob(
  context: CommandContext,
  ledger: Ledger,
  job: string,
): Promise<void> {
  const { runs: anyRun } = await ledger.runs({ job, limit: 1 });
  const declared = await declaredJobs(context);
  if (anyRun.length > 0 || declared === undefined || declared.includes(job)) return;
  const nearest = nearestName(job, declared);
  const hint = nearest === undefined ? 'See: jobsd jobs' : `Did you mean "${nearest}"?`;
  throw new JobsdError('JOBSD_JOB_NOT_FOUND', `"${job}" is not declared and has no runs. ${hint}`);
}

function showRun(context: CommandContext, run: RunRecord): ExitCode {
  if (context.format === 'json') context.printJson({ run: toRunView(run) });
  else for (const line of renderRun(run, context.paint)) context.print(line);
  return 0;
}

function show(context: CommandContext, { runs: found, next }: RunPage): void {
  if (context.format === 'json') {
    context.printJson({ runs: found.map(toRunView), ...(next !== undefined && { next }) });
    return;
  }
  if (found.length === 0) {
    context.note('No runs.');
    return;
  }
  const { io, paint } = context;
  const screen = { width: io.columns, paint, now: io.clock.now() };
  for (const line of renderRuns(found, screen)) context.print(line);
  if (next !== undefined) context.note(`There are more: add --after ${next}`);
}
