import type { Command } from 'commander';
import type { RunRecord } from '../../dispatch/run.ts';
import { type ErrorCode, JobsdError } from '../../errors.ts';
import { toRunView } from '../../http/run-view.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { actorOf, type ExitCode } from '../command-io.ts';
import { requireDaemon } from '../find-daemon.ts';
import { reportFailure } from '../report-failure.ts';
import { examples } from '../view/examples.ts';

export function define(command: Command, act: Act): void {
  command
    .argument('<runs...>', 'ids of runs that ended without success; see jobsd runs --state dead')
    .addHelpText(
      'after',
      `${examples(
        ['jobsd retry sync-data@20261120T170000Z', 'one more attempt, under the same id'],
        ['jobsd runs --state dead', 'what could be tried again'],
      )}

It runs with the definition it was made with, whatever was edited since.`,
    )
    .action((ids: string[]) => act((context) => retry(context, ids)));
}

/** Gives dead runs one more attempt each; one that cannot have one keeps no other from its own. */
export async function retry(context: CommandContext, ids: readonly string[]): Promise<ExitCode> {
  const daemon = await requireDaemon(context);
  const actor = actorOf(context.io);
  const runs: RunRecord[] = [];
  const refused: unknown[] = [];
  for (const id of ids) {
    try {
      runs.push(await daemon.retry(id, { actor }));
    } catch (error) {
      refused.push(error);
      if (!isAboutOne(error)) break;
    }
  }
  if (context.format !== 'json') for (const run of runs) context.print(`${run.id} ${run.state}`);
  else if (runs.length > 0) context.printJson({ runs: runs.map(toRunView) });
  const exitCodes = refused.map((error) => reportFailure(context, error));
  return exitCodes[0] ?? 0;
}

const codesAboutOne: readonly ErrorCode[] = [
  'JOBSD_RUN_NOT_FOUND',
  'JOBSD_RUN_NOT_DEAD',
  'JOBSD_PAYLOAD_NOT_KEPT',
];

const isAboutOne = (error: unknown) =>
  error instanceof JobsdError && codesAboutOne.includes(error.code);
