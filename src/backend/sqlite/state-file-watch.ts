import { statSync } from 'node:fs';
import { JobsdError } from '../../errors.ts';

/**
 * Gives a check that the file which is open still stands under its name: throws JOBSD_BACKEND_CORRUPT
 * from the first time that it does not. What is written to a file without a name is lost with the
 * process, and a second daemon would start beside this one on a file of its own.
 */
export function stateFileWatch(path: string): () => void {
  const opened = identity(path);
  let gone: JobsdError | undefined;
  return () => {
    if (gone === undefined && identity(path) !== opened) {
      const why = 'It was removed or replaced while it was in use.';
      gone = new JobsdError('JOBSD_BACKEND_CORRUPT', `${path}: ${why} Nothing was written since.`);
    }
    if (gone !== undefined) throw gone;
  };
}

function identity(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}
