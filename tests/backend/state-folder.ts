import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder for state files of one test file, removed after it. */
export function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jobsd-state-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
