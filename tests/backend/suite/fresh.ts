import type { Backend, Change } from '../../../src/backend/backend.ts';

/** A fresh backend with these changes in it, closed after the test. */
export type Fresh = (changes?: readonly Change[]) => Promise<Backend>;
