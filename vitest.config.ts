import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Threads and processes that tests start read the source anew each time: with this, without
// compiling it anew, which takes most of the time of a short test.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/jobsd-tests');

export default defineConfig({
  ssr: { resolve: { conditions: ['jobsd-source'] } },
  test: {
    include: ['tests/**/*.test.ts'],
    // What changes a process is done by processes of the tests' own, so that their files can share
    // one: to start a worker and load everything anew costs more than most of them do.
    isolate: false,
    // A start is most of a second of work for several processes: on a machine that is busy
    // otherwise, many times as long. These bound a hang; nothing is measured by them.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    maxWorkers: 2,
  },
});
