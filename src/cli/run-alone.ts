import type { JsonValue } from '../config/snapshot.ts';
import type { LogLine, RunRecord } from '../dispatch/run.ts';
import { JobsdError } from '../errors.ts';
import type { CommandContext } from './command-context.ts';
import { noteFindings } from './print-findings.ts';

/** What is to be run, whoever runs it. */
export interface RunWish {
  readonly kind: 'job' | 'service';
  readonly name: string;
  /** A job's `extra`, a service's payload; absent means the declared one. */
  readonly payload?: JsonValue;
  readonly actor: string;
}

/**
 * Carries out a run without a daemon, in this process and its own hosts, to its end. Rejects with
 * JOBSD_CONFIG_INVALID after showing the findings, when the files have errors.
 */
export async function runAlone(
  context: CommandContext,
  wish: RunWish,
  watch: { readonly signal: AbortSignal; readonly onLine: (line: LogLine) => void },
): Promise<RunRecord> {
  const { runStandalone } = await import('../daemon/run-standalone.ts');
  const { createRedactor } = await import('../telemetry/redactor.ts');
  const result = await runStandalone({
    location: { root: context.root, env: context.io.env },
    clock: context.io.clock,
    random: Math.random,
    redactor: createRedactor(),
    wish,
    ...watch,
  });
  if (result.ok) return result.run;
  await noteFindings(context, result.findings);
  throw new JobsdError('JOBSD_CONFIG_INVALID', 'Correct the files; jobsd validate checks them.');
}
