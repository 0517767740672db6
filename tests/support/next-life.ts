import type { JobDefinition } from '../../src/config/snapshot.ts';
import { startHarness } from './daemon-harness.ts';

type Life = Awaited<ReturnType<typeof startHarness>>;

/** The next life of a daemon, on the same ledger and clock: the one before is killed. */
export async function nextLife(before: Life, jobs: readonly JobDefinition[]): Promise<Life> {
  before.kill();
  const { clock, backend } = before;
  return startHarness({ now: '', clock, backend, jobs });
}
