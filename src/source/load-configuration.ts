import { resolve } from 'node:path';
import type { Instant } from '../clock/clock.ts';
import { buildSnapshot, type SnapshotResult } from '../config/build-snapshot.ts';
import type { ParseCache } from '../config/parse-files.ts';
import { type Rest, withRests } from '../config/steps.ts';
import { calendarFilesOf } from './calendar-files.ts';
import { findFiles } from './find-files.ts';
import { moduleFactsOf } from './module-facts.ts';
import { readFiles } from './read-files.ts';

export interface LoadOptions {
  /** The project root; relative to the working directory. */
  readonly root: string;
  /** Files and directories that replace the default input; relative to the root. */
  readonly paths?: readonly string[];
  /** When given, jobs that are wholly in the past get a warning. */
  readonly now?: Instant;
  /** Kept from one call to the next by who reloads: only changed files are parsed again. */
  readonly cache?: ParseCache;
  /** Given by who has others wait: what it gives is waited for between small portions of the work. */
  readonly rest?: Rest;
}

export type LoadResult = SnapshotResult;

/** Finds, reads and judges the configuration of a project. */
export async function loadConfiguration(options: LoadOptions): Promise<LoadResult> {
  const root = resolve(options.root);
  const found = findFiles(root, options.paths);
  if (found.length === 0) return { ok: false, findings: [nothingFound(options.paths)] };
  const { files, unreadable } = await withRests(readFiles(found), options.rest);
  return buildSnapshot({
    files,
    unreadable,
    moduleFacts: moduleFactsOf(root),
    calendarFile: calendarFilesOf(root),
    ...(options.now === undefined ? {} : { now: options.now }),
    ...(options.cache === undefined ? {} : { cache: options.cache }),
    ...(options.rest === undefined ? {} : { rest: options.rest }),
  });
}

function nothingFound(paths: readonly string[] | undefined) {
  const place = paths?.[0] ?? 'jobs.d';
  return {
    rule: 'no-files',
    severity: 'error' as const,
    message: 'no configuration files were found',
    labels: [{ file: place, line: 1, column: 1, endColumn: 2 }] as const,
    help: 'Put a file that ends with .yaml into jobs.d/, or name one.',
  };
}
