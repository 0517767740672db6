import type { Command } from 'commander';
import type { Act } from './command-context.ts';

/** What a file in `commands/` exports: it gives the bare command its arguments, options and work. */
export interface CommandModule {
  define(command: Command, act: Act): void;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  /** Whether it can give its result as a calendar, too. */
  readonly hasCalendar?: boolean;
  /** Only the command that was asked for is loaded: starting up is code executed cold. */
  load(): Promise<CommandModule>;
}

const daemon = 'The daemon:';
const review = 'Review, offline:';
const now = 'Do it now:';
const operate = 'Operate:';
const author = 'Author:';

/** All commands, in the order of the help. */
export const commandList: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: 'run the daemon',
    group: daemon,
    load: () => import('./commands/start.ts'),
  },
  {
    name: 'validate',
    summary: 'check the files; runs nothing',
    group: review,
    load: () => import('./commands/validate.ts'),
  },
  {
    name: 'next',
    summary: 'show when jobs will run',
    group: review,
    hasCalendar: true,
    load: () => import('./commands/next.ts'),
  },
  {
    name: 'explain',
    summary: 'explain a job, a cron expression or a rule',
    group: review,
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'run',
    summary: 'run a job now',
    group: now,
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'invoke',
    summary: 'run a service now, without a job',
    group: now,
    load: () => import('./commands/invoke.ts'),
  },
  {
    name: 'backfill',
    summary: 'run what a schedule asked for in the past',
    group: now,
    load: () => import('./commands/backfill.ts'),
  },
  {
    name: 'jobs',
    summary: 'list the jobs, with their last and next run',
    group: operate,
    load: () => import('./commands/jobs.ts'),
  },
  {
    name: 'runs',
    summary: 'list what ran, newest first',
    group: operate,
    load: () => import('./commands/runs.ts'),
  },
  {
    name: 'logs',
    summary: 'show what a run wrote',
    group: operate,
    load: () => import('./commands/logs.ts'),
  },
  {
    name: 'why',
    summary: 'tell why a job ran at a time, or did not',
    group: operate,
    load: () => import('./commands/why.ts'),
  },
  {
    name: 'pause',
    summary: 'stop a job, a group or everything from firing',
    group: operate,
    load: () => import('./commands/pause.ts'),
  },
  {
    name: 'resume',
    summary: 'lift a pause',
    group: operate,
    load: () => import('./commands/resume.ts'),
  },
  {
    name: 'cancel',
    summary: 'end a run before its time',
    group: operate,
    load: () => import('./commands/cancel.ts'),
  },
  {
    name: 'retry',
    summary: 'give a dead run one more attempt',
    group: operate,
    load: () => import('./commands/retry.ts'),
  },
  {
    name: 'kv',
    summary: 'read the key-value store',
    group: operate,
    load: () => import('./commands/kv.ts'),
  },
  {
    name: 'status',
    summary: 'show how the daemon is',
    group: operate,
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'reload',
    summary: 'make the daemon read the files again',
    group: operate,
    load: () => import('./commands/reload.ts'),
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of the files',
    group: author,
    load: () => import('./commands/schema.ts'),
  },
];
