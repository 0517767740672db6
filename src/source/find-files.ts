import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A file that is to be read, and the path by which the user knows it. */
export interface FoundFile {
  readonly path: string;
  readonly absolutePath: string;
}

/**
 * The configuration files of a project, sorted by path: `jobs.yaml` and everything under `jobs.d/`
 * that ends with `.yaml` or `.yml`, or what `paths` (files and directories) name instead. Paths
 * that lead nowhere are given too: reading them says why.
 */
export function findFiles(root: string, paths?: readonly string[]): readonly FoundFile[] {
  const found = new Map<string, FoundFile>();
  const add = (absolutePath: string) => {
    found.set(absolutePath, { path: shownPath(root, absolutePath), absolutePath });
  };
  const wanted = paths === undefined || paths.length === 0 ? undefined : paths;
  for (const path of wanted ?? defaultPaths(root)) {
    const absolutePath = resolve(root, path);
    if (isDirectory(absolutePath)) walk(absolutePath, add, new Set());
    else add(absolutePath);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Relative to the root with forward slashes; what lies outside keeps its whole path. */
export function shownPath(root: string, absolutePath: string): string {
  const path = relative(root, absolutePath);
  if (path === '' || path.startsWith('..') || isAbsolute(path)) return absolutePath;
  return sep === '/' ? path : path.split(sep).join('/');
}

/** Only what is there: a project may have either or both. */
function defaultPaths(root: string): readonly string[] {
  return ['jobs.yaml', 'jobs.d'].filter((name) => isThere(join(root, name)));
}

/** A link that leads nowhere counts as there, so that it is reported. */
function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined || isLink(path);
}

function isLink(path: string): boolean {
  try {
    return readdirSync(join(path, '..'), { withFileTypes: true }).some(
      (entry) => entry.isSymbolicLink() && join(path, '..', entry.name) === path,
    );
  } catch {
    return false;
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * A directory that cannot be listed is given itself, so that reading it says why: it may be somebody
 * else's, or have gone meanwhile.
 *
 * Names that begin with a dot are left out: editors keep their swap and lock files under such
 * names, and a Kubernetes volume keeps the real files in `..2026_…`, to which the visible ones
 * are links. Packages are left out for `jobsd validate .`: what they hold is not the project's.
 */
function walk(directory: string, add: (path: string) => void, visited: Set<string>): void {
  const entries = entriesOf(directory);
  if (entries === undefined) return add(directory);
  const real = realpathSync(directory);
  if (visited.has(real)) return;
  visited.add(real);
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(directory, entry.name);
    const isFolder = entry.isSymbolicLink() ? isDirectory(path) : entry.isDirectory();
    if (isYaml(entry.name)) add(path);
    else if (isFolder) walk(path, add, visited);
  }
}

function entriesOf(directory: string): readonly Dirent[] | undefined {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return undefined;
  }
}

function isYaml(name: string): boolean {
  return name.endsWith('.yaml') || name.endsWith('.yml');
}
