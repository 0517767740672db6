import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { anEmptyProject, aProject, type Project, repositoryRoot } from './project.ts';

/** The program as it is shipped, from the source as it is now. */
export function buildProgram(outdir: string): void {
  execFileSync(process.execPath, ['build.ts', outdir], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/**
 * The repository as somebody has it after `git clone` and `npm ci`: its own jobs and services, its
 * scripts, and the program, built for it when it is not given; with a state of its own.
 */
export function aClone(built?: string): Project {
  const clone = anEmptyProject();
  symlinkSync(join(repositoryRoot, 'node_modules'), clone.path('node_modules'));
  if (built === undefined) buildProgram(clone.path('dist'));
  else cpSync(built, clone.path('dist'), { recursive: true });
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
