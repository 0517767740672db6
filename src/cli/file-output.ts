import { fstatSync, writeSync } from 'node:fs';
import type { OutputStream } from './command-io.ts';

/**
 * Writes straight to a file descriptor, at once. `process.stdout` would do the same for pipes and
 * files, but bringing it up loads the network stack, which takes longer than most commands do.
 * `onClosed` is called when nobody reads any more, `onLost` when a text could not be written, on a
 * full disk say; the next one may be.
 */
export function fileOutput(
  fd: 1 | 2,
  { onClosed, onLost }: { onClosed(): void; onLost(reason: string): void },
): OutputStream {
  let isClosed = false;
  return {
    write(text) {
      let rest = Buffer.from(text);
      while (rest.length > 0 && !isClosed) {
        try {
          rest = rest.subarray(writeSync(fd, rest));
        } catch (error) {
          const { code, message } = error as NodeJS.ErrnoException;
          if (code === 'EAGAIN') pause();
          else if (code === undefined || !closedCodes.includes(code)) return onLost(message);
          else {
            isClosed = true;
            onClosed();
          }
        }
      }
    },
  };
}

/** The other end of the pipe or terminal is gone, or the descriptor was never open. */
const closedCodes = ['EPIPE', 'EIO', 'EBADF', 'ECONNRESET'];

/** For a slow reader on a descriptor that somebody made non-blocking. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

/** Whether a person sees what is written there. */
export function isTerminal(fd: 1 | 2): boolean {
  try {
    // The module that knows for sure is loaded only for what may be a terminal.
    if (!fstatSync(fd).isCharacterDevice()) return false;
    return process.getBuiltinModule('node:tty').isatty(fd);
  } catch {
    return false;
  }
}
