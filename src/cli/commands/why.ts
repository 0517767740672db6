import type { Command } from 'commander';
import type { WhyView } from '../../daemon/control.ts';
import { notFound } from '../../daemon/not-found.ts';
import { toRunView } from '../../http/run-view.ts';
import { readTime } from '../arguments/read-time.ts';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { requireDaemon } from '../find-daemon.ts';
import { examples } from '../view/examples.ts';
import { renderRunEnd } from '../view/render-run-end.ts';

export function define(command: Command, act: Act): void {
  command
    .argument('<job>')
    .requiredOption('--at <time>', "a time of the job's zone, or one with Z or an offset")
    .addHelpText(
      'after',
      `${examples(
        ['jobsd why nightly-report --at "2026-11-20 02:30"', 'why it ran then, or did not'],
        ['jobsd why sync-data --at 2026-12-25T09:00:00Z', 'whether it will'],
      )}

The past is told from the ledger, the future from the schedule.`,
    )
    .action((job: string, { at }: { at: string }) => act((context) => why(context, job, at)));
}

/** Tells why a job ran, did not run, or will run at a time. */
export async function why(context: CommandContext, name: string, at: string): Promise<ExitCode> {
  const daemon = await requireDaemon(context);
  const jobs = await daemon.jobs();
  const job = jobs.find((each) => each.name === name);
  if (!job)
    throw notFound(
      'JOBSD_JOB_NOT_FOUND',
      name,
      jobs.map((each) => each.name),
    );
  const instant = readTime('--at', at, job.timezone);
  const view = await daemon.why(name, new Date(instant).toISOString());
  if (context.format === 'json') {
    const { run, ...rest } = view;
    context.printJson({ ...rest, ...(run && { run: toRunView(run) }) });
  } else show(context, view);
  return 0;
}

function show(context: CommandContext, view: WhyView): void {
  context.print(`${view.job} at ${short(view.at)}: ${context.paint.bold(view.verdict)}`);
  for (const sentence of view.because) context.print(`  ${sentence}`);
  if (view.run)
    for (const line of renderRunEnd(view.run, context.paint)) context.print(`  ${line}`);
  if (view.previous !== undefined) context.print(`  before: ${short(view.previous)}`);
  if (view.next !== undefined) context.print(`  after:  ${short(view.next)}`);
}

const short = (iso: string) => iso.replace('.000Z', 'Z');
