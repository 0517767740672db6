import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
// Git has to answer for the record of a run; it must not hold up a start or a reload.
const timeoutMs = 2000;

/**
 * The commit that is checked out at `root`, 40 hex digits, with `-dirty` when any of `paths` differs
 * from it or is not in it. Nothing where there is no git, or it does not answer in time.
 */
export async function gitCommit(
  root: string,
  paths: readonly string[],
): Promise<string | undefined> {
  if (!isWorkTree(root)) return undefined;
  const options = { cwd: root, timeout: timeoutMs };
  try {
    const [head, status] = await Promise.all([
      run('git', ['rev-parse', 'HEAD'], options),
      run('git', ['--no-optional-locks', 'status', '--porcelain', '--', ...paths], options),
    ]);
    return `${head.stdout.trim()}${status.stdout === '' ? '' : '-dirty'}`;
  } catch {
    return undefined;
  }
}

/** Whether the directory or one above it has a `.git`; asking git itself would cost a process. */
function isWorkTree(directory: string): boolean {
  if (existsSync(join(directory, '.git'))) return true;
  const parent = dirname(directory);
  return parent !== directory && isWorkTree(parent);
}
