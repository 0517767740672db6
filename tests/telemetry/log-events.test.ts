import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock/clock.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import { type LogOptions, logEvents } from '../../src/telemetry/log-events.ts';
import { createRedactor } from '../../src/telemetry/redactor.ts';
import { sampleEvents } from './sample-events.ts';

// Without a zone in it: what the text log shows is this machine's local time.
const clock: Clock = { ...systemClock, now: () => new Date(2030, 0, 1, 9, 5, 7).getTime() };
const allEvents = Object.values(sampleEvents);
// They come too often to be read by anybody; metrics count them.
const notForLogs = ['ledger-committed', 'skip-continued'];

async function written(options: Partial<LogOptions>, events = allEvents): Promise<string> {
  const stream = new PassThrough();
  const log = await logEvents({
    stream,
    format: 'text',
    hasColor: false,
    level: 'debug',
    clock,
    redact: (text) => text,
    ...options,
  });
  for (const event of events) log.emit(event);
  stream.end();
  return (await stream.setEncoding('utf8').toArray()).join('');
}

test('each event is a line that people can read', async () => {
  await expect(await written({})).toMatchFileSnapshot('../golden/screens/daemon-log.txt');
});

test('a first start speaks of no last daemon', async () => {
  const text = await written({}, [{ kind: 'recovered', lost: 0, retrying: 0, waiting: 0 }]);
  expect(text).toContain('no run was left unfinished');
});

test('each event is a JSON line that programs can read', async () => {
  const lines = (await written({ format: 'json' }))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => line.event)).toEqual(
    Object.keys(sampleEvents).filter((kind) => !notForLogs.includes(kind)),
  );
  expect(new Set(lines.map((line) => line.time))).toEqual(
    new Set([new Date(clock.now()).toISOString()]),
  );
  const stable = lines.map(({ time: _time, hostname: _hostname, ...rest }) => JSON.stringify(rest));
  await expect(`${stable.join('\n')}\n`).toMatchFileSnapshot('../golden/screens/daemon-log.jsonl');
});

test('events below the level are not written', async () => {
  for (const format of ['json', 'text'] as const) {
    const text = await written({ format, level: 'warn' });
    expect(text).not.toContain('host-2');
    expect(text).not.toContain('34 ms');
    expect(text).toContain('out of memory');
  }
});

test('a secret does not reach the log, in words or in fields', async () => {
  const secret = 'p@ss "word"';
  const event = {
    ...sampleEvents['run-ended'],
    error: { name: 'Error', message: `401 for user:${encodeURIComponent(secret)}`, stack: secret },
  };
  const { redact } = createRedactor([secret]);
  for (const format of ['json', 'text'] as const) {
    const text = await written({ format, redact }, [event]);
    expect(text).toContain('401 for user:[secret]');
    expect(text).not.toContain('word');
  }
});

test('what a service writes cannot steer the terminal', async () => {
  const text = await written({ hasColor: false }, [sampleEvents['run-logged']]);
  expect(text).not.toContain('\u001b');
  expect(text).toContain('they were left out\\x1b[2J');
});

test('colour comes only when asked for', async () => {
  expect(await written({ hasColor: true })).toContain('\u001b[31m');
  expect(await written({ hasColor: false })).not.toContain('\u001b');
});
