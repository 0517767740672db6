import { join, resolve } from 'node:path';
import { type Project, type ProjectLocation, sourcePaths } from './load-project.ts';

/** Where a change may mean that the project is another one. */
export function watchedPaths(location: ProjectLocation, project: Project): string[] {
  // A commit changes no file, but what the next runs say about where they come from.
  const gitLog = join(location.root, '.git', 'logs', 'HEAD');
  const calendars = [...project.snapshot.calendars.values()].flatMap(({ ics }) =>
    ics === undefined ? [] : [resolve(location.root, ics)],
  );
  return [...sourcePaths(location), ...calendars, ...project.modules.files, gitLog];
}
