import { defineConfig } from 'vitest/config';

// Nothing in these folders touches the process it runs in, so their files can share one: to start a
// worker and load everything anew costs more than most of them do.
const pure = ['config', 'dispatch', 'lint', 'plan', 'schedule'].map(
  (folder) => `tests/${folder}/**/*.test.ts`,
);

export default defineConfig({
  ssr: { resolve: { conditions: ['jobsd-source'] } },
  test: {
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      { extends: true, test: { name: 'rest', include: ['tests/**/*.test.ts'], exclude: pure } },
    ],
    // Servers and hosts are real processes: their start-up is what needs the time.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
