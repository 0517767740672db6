import type { CommandContext } from './command-context.ts';
import { findDaemon } from './find-daemon.ts';
import { loadFiles } from './load-snapshot.ts';

/** The names of all jobs, from the daemon or from the files; nothing when neither can tell. */
export async function declaredJobs(
  context: CommandContext,
): Promise<readonly string[] | undefined> {
  const daemon = await findDaemon(context);
  if (daemon !== undefined) return (await daemon.jobs()).map(({ name }) => name);
  const loaded = await loadFiles(context);
  return loaded.ok ? [...loaded.snapshot.jobs.keys()] : undefined;
}
