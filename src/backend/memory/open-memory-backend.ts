import type { Clock } from '../../clock/clock.ts';
import type { Backend } from '../backend.ts';
import { MemoryBackend } from './memory-backend.ts';

/** A ledger that lives as long as the program: for tests, dry runs and the simulation. */
export function openMemoryBackend(options: { readonly clock: Clock }): Backend {
  return new MemoryBackend(options.clock);
}
