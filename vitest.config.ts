import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['jobsd-source'] } },
  test: {
    include: ['tests/**/*.test.ts'],
    // Servers and hosts are real processes: their start-up is what needs the time.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
