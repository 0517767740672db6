import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nextFires } from '../../src/index.ts';

const path = join(import.meta.dirname, '../golden/schedule/fires.txt');
const vectors = readFileSync(path, 'utf8')
  .split('\n')
  .map((line) => /^(\{.*\}) after (\S+): (.*?)(?: {2}# (.*))?$/.exec(line) ?? [])
  .filter(([line]) => line !== undefined)
  .map(([, schedule = '', after = '', fires = '', why = '']) => ({ schedule, after, fires, why }));

test.each(vectors)('$schedule after $after: $fires', ({ schedule, after, fires, why }) => {
  const wanted = fires.split(' ');
  const isEnd = wanted.at(-1) === 'end';
  // Where the list ends, one more is asked for than there is.
  const count = wanted.length;
  const got = nextFires(JSON.parse(schedule), { after, count }).map(withoutZeros);
  expect(isEnd ? [...got, 'end'] : got, why).toEqual(wanted);
});

test('the file of known vectors was read to its end', () => {
  expect(vectors.length).toBeGreaterThan(450);
});

function withoutZeros(instant: string): string {
  return instant.replace('.000Z', 'Z').replace(/(T..:..):00Z/, '$1Z');
}
