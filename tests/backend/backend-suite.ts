import { afterEach, describe } from 'vitest';
import type { Backend, Change } from '../../src/backend/backend.ts';
import type { Clock } from '../../src/clock/clock.ts';
import { ManualClock } from './manual-clock.ts';
import { keyValueCases } from './suite/key-value-cases.ts';
import { listingCases } from './suite/listing-cases.ts';
import { pruningCases } from './suite/pruning-cases.ts';
import { recordCases } from './suite/record-cases.ts';
import { refusalCases } from './suite/refusal-cases.ts';
import { surroundingCases } from './suite/surrounding-cases.ts';

/** A fresh, empty backend at each call. */
export type OpenBackend = (clock: Clock) => Promise<Backend> | Backend;

/** What every backend promises. Each implementation runs exactly these cases. */
export function backendSuite(name: string, open: OpenBackend): void {
  const opened: Backend[] = [];
  const clock = new ManualClock();

  async function fresh(changes: readonly Change[] = []): Promise<Backend> {
    const backend = await open(clock);
    opened.push(backend);
    if (changes.length > 0) await backend.commit(changes);
    return backend;
  }

  afterEach(async () => {
    for (const backend of opened.splice(0)) await backend.close();
  });

  describe(`${name} keeps records`, () => recordCases(fresh));
  describe(`${name} lists records`, () => listingCases(fresh));
  describe(`${name} keeps what surrounds records`, () => surroundingCases(fresh));
  describe(`${name} prunes`, () => pruningCases(fresh));
  describe(`${name} keeps values by key`, () => keyValueCases(fresh, clock));
  describe(`${name} refuses`, () => refusalCases(fresh));
}
