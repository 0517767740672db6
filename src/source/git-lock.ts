import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Whether git is changing the files of the working tree that `root` lies in: it holds `index.lock`
 * from before the first file of a checkout, merge or rebase until after the last one.
 */
export function isGitAtWork(root: string): boolean {
  const directory = gitDirectory(root);
  return directory !== undefined && existsSync(join(directory, 'index.lock'));
}

function gitDirectory(root: string): string | undefined {
  for (let folder = resolve(root); ; folder = dirname(folder)) {
    const path = join(folder, '.git');
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return path;
    if (stats?.isFile()) return linkedDirectory(path);
    if (folder === dirname(folder)) return undefined;
  }
}

/** Of a second working tree, or a submodule: https://git-scm.com/docs/gitrepository-layout */
function linkedDirectory(path: string): string | undefined {
  const [, target] = /^gitdir: (.+?)\s*$/.exec(readFileSync(path, 'utf8')) ?? [];
  return target === undefined ? undefined : resolve(dirname(path), target);
}
