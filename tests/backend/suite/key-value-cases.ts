import { expect, test } from 'vitest';
import type { ManualClock } from '../manual-clock.ts';
import type { Fresh } from './fresh.ts';

/** The key-value store. */
export function keyValueCases(fresh: Fresh, clock: ManualClock): void {
  test('a value is set, replaced and deleted', async () => {
    const { keyValues } = await fresh();
    expect(await keyValues.get('a')).toBeUndefined();
    await keyValues.set('a', 'ä\n✓');
    expect(await keyValues.get('a')).toBe('ä\n✓');
    await keyValues.set('a', '');
    expect(await keyValues.get('a')).toBe('');
    expect(await keyValues.delete('a')).toBe(true);
    expect(await keyValues.delete('a')).toBe(false);
    expect(await keyValues.get('a')).toBeUndefined();
  });

  test('a value with a time to live is gone when it is over, and replacing it ends that', async () => {
    const { keyValues } = await fresh();
    await keyValues.set('a', '1', { ttlMs: 1000 });
    await keyValues.set('b', '1', { ttlMs: 1000 });
    await keyValues.set('b', '2');
    expect(await keyValues.increment('a', 1)).toBe(2);
    clock.at += 999;
    expect(await keyValues.get('a')).toBe('2');
    clock.at += 1;
    expect(await keyValues.get('a')).toBeUndefined();
    expect(await keyValues.keys('', 10)).toEqual(['b']);
    expect(await keyValues.delete('a')).toBe(false);
    await keyValues.set('c', '7', { ttlMs: 1 });
    clock.at += 1;
    expect(await keyValues.increment('c', 1)).toBe(1);
    clock.at += 10_000;
    expect(await keyValues.get('c')).toBe('1');
    expect(await keyValues.get('b')).toBe('2');
  });

  test('keys come sorted by code point, by prefix, up to a limit', async () => {
    const { keyValues } = await fresh();
    const keys = ['b', 'a:2', 'a:10', 'a', 'a:\u{1F600}', 'a:\uFFFD', 'A', 'a%', 'a_'];
    await Promise.all(keys.map((key) => keyValues.set(key, key)));
    expect(await keyValues.keys('a:', 10)).toEqual(['a:10', 'a:2', 'a:\uFFFD', 'a:\u{1F600}']);
    expect(await keyValues.keys('', 3)).toEqual(['A', 'a', 'a%']);
    expect(await keyValues.keys('a%', 3)).toEqual(['a%']);
    expect(await keyValues.keys('z', 3)).toEqual([]);
  });

  test('increments made at once all count', async () => {
    const { keyValues } = await fresh();
    const sums = await Promise.all(Array.from({ length: 50 }, () => keyValues.increment('n', 2)));
    expect(sums).toEqual(Array.from({ length: 50 }, (_, index) => 2 * index + 2));
    expect(await keyValues.increment('n', -101)).toBe(-1);
    expect(await keyValues.get('n')).toBe('-1');
  });

  test('what is no whole number cannot be added to and stays', async () => {
    const { keyValues } = await fresh();
    await keyValues.set('n', 'seven');
    await keyValues.set('m', String(Number.MAX_SAFE_INTEGER));
    const [other, ...failures] = await Promise.allSettled([
      keyValues.increment('fine', 1),
      keyValues.increment('n', 1),
      keyValues.increment('m', 1),
    ]);
    expect(other).toMatchObject({ value: 1 });
    for (const failure of failures) {
      expect(failure).toMatchObject({ reason: { code: 'JOBSD_INPUT_INVALID' } });
    }
    expect(await keyValues.get('n')).toBe('seven');
  });

  test('keys and values beyond their bounds are refused with the bound', async () => {
    const { keyValues } = await fresh();
    await keyValues.set('k'.repeat(1024), 'v'.repeat(1024 * 1024));
    const refused = {
      code: 'JOBSD_INPUT_INVALID',
      message: expect.stringMatching(/1024|1048576|empty|ttl/),
    };
    await expect(keyValues.set('k', '✓'.repeat(400_000))).rejects.toMatchObject(refused);
    await expect(keyValues.set('ä'.repeat(513), '')).rejects.toMatchObject(refused);
    await expect(keyValues.set('', '')).rejects.toMatchObject(refused);
    await expect(keyValues.set('a', '', { ttlMs: 0 })).rejects.toMatchObject(refused);
    await expect(keyValues.set('a', '', { ttlMs: 0.5 })).rejects.toMatchObject(refused);
    expect(await keyValues.keys('', 10)).toHaveLength(1);
  });
}
