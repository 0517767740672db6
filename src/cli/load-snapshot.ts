import { resolve } from 'node:path';
import type { SnapshotResult } from '../config/build-snapshot.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { JobsdError } from '../errors.ts';
import { loadConfiguration } from '../source/load-configuration.ts';
import type { CommandContext } from './command-context.ts';
import { noteFindings } from './print-findings.ts';

/** Reads and judges the project's files, or those named, relative to where the user stands. */
export async function loadFiles(
  context: CommandContext,
  paths: readonly string[] = [],
): Promise<SnapshotResult> {
  const { root, io } = context;
  const now = io.clock.now();
  // As from an unset variable of a script. The directory one stands in was not meant.
  if (paths.includes('')) throw new JobsdError('JOBSD_USAGE', 'A path is empty.');
  if (paths.length === 0) return loadConfiguration({ root, now });
  return loadConfiguration({ root, now, paths: paths.map((path) => resolve(io.cwd, path)) });
}

/** The project's configuration; rejects with JOBSD_CONFIG_INVALID after it has shown the findings. */
export async function loadSnapshot(context: CommandContext): Promise<Snapshot> {
  const loaded = await loadFiles(context);
  if (loaded.ok) return loaded.snapshot;
  await noteFindings(context, loaded.findings);
  throw new JobsdError('JOBSD_CONFIG_INVALID', 'Correct the files; jobsd validate checks them.');
}
