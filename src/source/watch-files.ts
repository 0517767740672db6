import type { Milliseconds } from '../clock/clock.ts';
import { isGitAtWork } from './git-lock.ts';
import { pollFiles } from './poll-files.ts';

export interface WatchOptions {
  readonly root: string;
  /** Files and directories, absolute. What does not exist yet is noticed when it comes. */
  readonly paths: readonly string[];
  /** Single files, absolute, wherever they are and whatever links lead to them. */
  readonly polled?: readonly string[];
  /** Quiet time before a change is told, and the longest that unrest may put it off. */
  readonly settleMs: Milliseconds;
  readonly maxUnrestMs: Milliseconds;
  /** Something changed. What, is for the reader to find out. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

export interface FileWatch {
  /** Watches these as well. What is watched already stays watched. */
  follow(paths: readonly string[], polled: readonly string[]): void;
  close(): Promise<void>;
}

/** A look is one question to the file system, for each file. */
const pollEveryMs = 5_000;

// A git that was killed leaves its lock behind: it puts a change off no longer than this.
const longestGitMs = 30_000;

/**
 * Tells that something below the paths changed, once things are quiet again: an editor's save is
 * several events, a checkout is thousands. In the middle of a checkout, however slow, nothing is
 * told. Only a signal: the content is compared by who reads.
 */
export async function watchFiles(options: WatchOptions): Promise<FileWatch> {
  const { watch } = await import('chokidar');
  const settle = settling(options);
  const watcher = watch([...options.paths], {
    ignoreInitial: true,
    followSymlinks: true,
    ignored: (path) =>
      /(^|\/)(node_modules|\.git(?!\/logs(\/HEAD)?$)|\.jobsd)(\/|$)/.test(
        path.slice(options.root.length),
      ),
  });
  watcher.on('all', settle.touch);
  watcher.on('error', options.onError);
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  const poll = pollFiles(pollEveryMs, settle.touch);
  poll.follow(options.polled ?? []);
  return {
    follow(paths, polled) {
      watcher.add([...paths]);
      poll.follow(polled);
    },
    async close() {
      poll.close();
      settle.stop();
      await watcher.close();
    },
  };
}

function settling({ root, settleMs, maxUnrestMs, onChange }: WatchOptions) {
  let timer: NodeJS.Timeout | undefined;
  let since: number | undefined;
  const tell = () => {
    const now = performance.now();
    if (now - (since ?? now) < longestGitMs && isGitAtWork(root)) {
      timer = setTimeout(tell, settleMs);
      return;
    }
    timer = undefined;
    since = undefined;
    onChange();
  };
  return {
    touch() {
      const now = performance.now();
      since ??= now;
      clearTimeout(timer);
      timer = setTimeout(tell, Math.max(Math.min(settleMs, since + maxUnrestMs - now), 0));
    },
    stop: () => clearTimeout(timer),
  };
}
