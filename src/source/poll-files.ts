import { unwatchFile, watchFile } from 'node:fs';
import type { Milliseconds } from '../clock/clock.ts';

export interface FilePoll {
  /** Looks at these as well. What is looked at already is looked at once. */
  follow(paths: readonly string[]): void;
  close(): void;
}

/**
 * Looks at single files again and again, and tells when one is another than before: its content, or
 * the file that its name leads to. A mounted secret is changed by a link somewhere above it that is
 * put in the place of an old one; no event of the file's own folder tells of that.
 */
export function pollFiles(everyMs: Milliseconds, onChange: () => void): FilePoll {
  const followed = new Set<string>();
  return {
    follow(paths) {
      for (const path of paths) {
        if (followed.has(path)) continue;
        followed.add(path);
        watchFile(path, { interval: everyMs }, onChange);
      }
    },
    close() {
      for (const path of followed) unwatchFile(path, onChange);
      followed.clear();
    },
  };
}
