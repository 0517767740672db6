import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sampleFires } from './sample-fires.ts';

test('an engine without Temporal gives the same fires', () => {
  const script = fileURLToPath(new URL('./sample-fires.ts', import.meta.url));
  const output = execFileSync(process.execPath, ['--no-harmony-temporal', script]).toString();
  const [temporal, fires] = JSON.parse(output);
  expect(temporal).toBe('undefined');
  expect(fires).toEqual(sampleFires());
});
