import type { Control } from '../daemon/control.ts';
import type { LogLine, RunRecord } from '../dispatch/run.ts';
import { JobsdError } from '../errors.ts';
import { toRunView } from '../http/run-view.ts';
import { createPaint } from '../telemetry/paint.ts';
import { type CommandContext, wantsColor } from './command-context.ts';
import type { ExitCode } from './command-io.ts';
import { findDaemon } from './find-daemon.ts';
import { followRun } from './follow-run.ts';
import { type RunWish, runAlone } from './run-alone.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { renderLogLine } from './view/render-log.ts';
import { renderRunEnd } from './view/render-run-end.ts';
import { shellWord } from './view/shell-word.ts';
import { showWaiting } from './view/show-waiting.ts';

const unlockTimeoutMs = 10_000;
const retryLockMs = 100;

/**
 * Runs a job or a service, through the daemon when there is one, else alone, and shows how it ended:
 * the result on standard output, what it wrote and how it went on standard error.
 */
export function carryOutRun(
  context: CommandContext,
  wish: RunWish,
  { isDetached }: { readonly isDetached: boolean },
): Promise<ExitCode> {
  let started: RunRecord | undefined;
  return untilInterrupted(
    context.io,
    async (signal) => {
      return whenUnlocked(context, async () => {
        const daemon = await findDaemon(context, signal);
        if (daemon === undefined) return aloneToEnd(context, wish, isDetached, signal);
        started = await startRun(daemon, wish);
        if (isDetached) return showStarted(context, started);
        return showEnd(context, await watch(context, daemon, started));
      });
    },
    () => {
      if (started === undefined) return;
      context.note(
        `Stopped waiting; the run goes on. Follow it with: jobsd logs ${shellWord(started.id)} --follow`,
      );
    },
  );
}

/**
 * Tries again while somebody has the state file but does not answer: a daemon that is just
 * starting, or another `run` without a daemon. Nothing has been started when the file is locked.
 */
async function whenUnlocked<T>({ io }: CommandContext, attempt: () => Promise<T>): Promise<T> {
  const deadline = io.clock.monotonic() + unlockTimeoutMs;
  while (true) {
    try {
      return await attempt();
    } catch (error) {
      const isLocked = error instanceof JobsdError && error.code === 'JOBSD_BACKEND_LOCKED';
      if (!isLocked || io.clock.monotonic() >= deadline) throw error;
      await new Promise<void>((resolve) => io.clock.after(retryLockMs, resolve));
    }
  }
}

function startRun(daemon: Control, { kind, name, payload, actor }: RunWish): Promise<RunRecord> {
  const given = payload !== undefined;
  const asked = { actor, trigger: 'manual' } as const;
  return kind === 'job'
    ? daemon.runJob(name, { ...asked, ...(given && { extra: payload }) })
    : daemon.invoke(name, { ...asked, ...(given && { payload }) });
}

async function aloneToEnd(
  context: CommandContext,
  wish: RunWish,
  isDetached: boolean,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (isDetached) {
    throw new JobsdError(
      'JOBSD_DAEMON_UNREACHABLE',
      'Only a daemon can go on with a run by itself. Leave out --detach, or start one with: jobsd start',
    );
  }
  const onLine = lineNoter(context);
  return showEnd(context, await runAlone(context, wish, { signal, onLine }));
}

async function watch(
  context: CommandContext,
  daemon: Control,
  { id }: RunRecord,
): Promise<RunRecord> {
  const waiting = showWaiting(context.io, id);
  const note = lineNoter(context);
  try {
    return await followRun(
      daemon,
      id,
      (line) => {
        waiting.clear();
        note(line);
      },
      waiting.show,
    );
  } finally {
    waiting.clear();
  }
}

function lineNoter(context: CommandContext): (line: LogLine) => void {
  const paint = createPaint(wantsColor(context.io, { color: context.hasColor }, 'stderr'));
  return (line) => context.note(renderLogLine(line, paint));
}

function showStarted(context: CommandContext, run: RunRecord): ExitCode {
  if (context.format === 'json') context.printJson({ run: toRunView(run) });
  else context.print(run.id);
  return 0;
}

function showEnd(context: CommandContext, run: RunRecord): ExitCode {
  const view = toRunView(run);
  if (context.format === 'json') context.printJson({ run: view });
  else if (view.result !== undefined) context.print(JSON.stringify(view.result, null, 2));
  if (context.format === 'human') {
    const paint = createPaint(wantsColor(context.io, { color: context.hasColor }, 'stderr'));
    for (const line of renderRunEnd(run, paint)) context.note(line);
  }
  return run.state === 'succeeded' ? 0 : 1;
}
