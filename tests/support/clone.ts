import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { anEmptyProject, aProject, type Project, repositoryRoot } from './project.ts';

/**
 * The repository as somebody has it after `git clone` and `npm ci`: its own jobs and services, its
 * scripts, and the program built from the source as it is now; with a state of its own.
 */
export function aClone(): Project {
  const clone = anEmptyProject();
  symlinkSync(join(repositoryRoot, 'node_modules'), clone.path('node_modules'));
  execFileSync(process.execPath, ['build.ts', clone.path('dist')], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for (const path of ['package.json', 'jobs.d', 'services', 'examples', 'schema']) {
    cpSync(`${repositoryRoot}/${path}`, clone.path(path), { recursive: true });
  }
  return clone;
}

/** Its jobs and services alone, for the program as it runs from source. */
export function aProjectLikeOurs(): Project {
  const project = aProject();
  for (const path of ['jobs.d', 'services']) {
    cpSync(`${repositoryRoot}/${path}`, project.path(path), { recursive: true });
  }
  return project;
}
