import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

export const repositoryRoot = resolve(import.meta.dirname, '../..');

/** A project directory of a test's own, with its own state; removed when the test has ended. */
export interface Project {
  readonly root: string;
  /** The absolute path of a file in it. */
  path(...segments: string[]): string;
  /** Writes a file, with its folders. A running daemon sees a plain write in place. */
  write(path: string, text: string): void;
}

export type ProjectFiles = Readonly<Record<string, string>>;

/** A project with these files, in which services may `import 'jobsd'` as they would after an install. */
export function aProject(files: ProjectFiles = {}): Project {
  const project = anEmptyProject();
  mkdirSync(project.path('node_modules'));
  symlinkSync(repositoryRoot, project.path('node_modules/jobsd'));
  // What Node looks for to know that .ts files of this project are modules.
  project.write('package.json', '{ "type": "module" }\n');
  for (const [path, text] of Object.entries(files)) project.write(path, text);
  return project;
}

/** A directory with nothing in it. */
export function anEmptyProject(): Project {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'jobsd-e2e-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  return {
    root,
    path: (...segments) => join(root, ...segments),
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
  };
}

/** A configuration file of version 1; one host, so that a daemon starts sooner. */
export function configuration(body: string, daemon = ''): string {
  return `version: 1\ndaemon: { hosts: { count: 1 }${daemon && `, ${daemon}`} }\n${body}`;
}
