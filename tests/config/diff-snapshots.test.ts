import { expect, test } from 'vitest';
import { buildSnapshot } from '../../src/config/build-snapshot.ts';
import { diffSnapshots } from '../../src/config/diff-snapshots.ts';

async function snapshot(body: string, path = 'a.yaml', ics = '') {
  const files = [{ path, bytes: Buffer.from(`version: 1\n${body}`) }];
  const calendarFile = () => ({ kind: 'read', bytes: Buffer.from(ics) }) as const;
  const result = await buildSnapshot({
    files,
    unreadable: [],
    moduleFacts: () => 'ok',
    calendarFile,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.snapshot;
}

const hourly = (more = '') => `{ type: interval, every: 1h, service: jobsd.ping${more} }`;

test('a declaration that moved or was written otherwise is no change', async () => {
  const before = await snapshot(`jobs:\n  a: ${hourly()}\n  b: ${hourly()}\n`);
  const after = await snapshot(
    `# moved\njobs:\n  b: ${hourly()}\n  a:\n    service: jobsd.ping\n    every: { minutes: 60 }\n    type: interval\n`,
    'b.yaml',
  );
  expect(diffSnapshots(before, after)).toMatchObject({ isEmpty: true });
  expect(after.revision).toBe(before.revision);
});

test('changes of jobs tell whether the schedule changed', async () => {
  const before = await snapshot(`jobs:\n  a: ${hourly()}\n  b: ${hourly()}\n  c: ${hourly()}\n`);
  const after = await snapshot(
    `jobs:\n  a: ${hourly(', timeout: 5m')}\n  b: ${hourly(', until: 2030-01-01')}\n  d: ${hourly()}\n`,
  );
  expect(diffSnapshots(before, after)).toMatchObject({
    isEmpty: false,
    jobs: {
      added: ['d'],
      removed: ['c'],
      changed: [
        { name: 'a', scheduleChanged: false },
        { name: 'b', scheduleChanged: true },
      ],
      renamed: [],
    },
  });
});

test('another number of repeats is a change, but not of the times', async () => {
  const { jobs } = diffSnapshots(
    await snapshot(`jobs:\n  a: ${hourly(', repeats: 3')}\n`),
    await snapshot(`jobs:\n  a: ${hourly(', repeats: 5')}\n`),
  );
  expect(jobs.changed).toEqual([{ name: 'a', scheduleChanged: false }]);
});

test('a renamed job is neither added nor removed', async () => {
  const before = await snapshot(`jobs:\n  a: ${hourly()}\n`);
  const after = await snapshot(`jobs:\n  b: ${hourly(', renamedFrom: a')}\n`);
  expect(diffSnapshots(before, after).jobs).toEqual({
    added: [],
    removed: [],
    changed: [],
    renamed: [{ name: 'b', from: 'a', scheduleChanged: false }],
  });
  expect(
    diffSnapshots(after, await snapshot(`jobs:\n  b: ${hourly(', renamedFrom: a')}\n`)).isEmpty,
  ).toBe(true);
});

test('changes of services, endpoints, groups and the daemon are seen', async () => {
  const before = await snapshot(
    'services: { a: { module: a.ts }, b: { module: b.ts } }\nendpoints: { e: { type: rest, url: "http://a" } }\n',
  );
  const after = await snapshot(
    'services: { a: { module: a2.ts }, c: { module: c.ts } }\nendpoints: { e: { type: rest, url: "http://b" } }\ngroups: { g: { maxRunning: 1 } }\ndaemon: { drainTimeout: 1s }\n',
  );
  expect(diffSnapshots(before, after)).toMatchObject({
    services: { added: ['c'], removed: ['b'], changed: ['a'] },
    endpoints: { added: [], removed: [], changed: ['e'] },
    groups: { added: ['g'], removed: [], changed: [] },
    daemonChanged: true,
    isEmpty: false,
  });
});

const withCalendars = (holidays: string, jobs = 'except: holidays') =>
  `calendars: { holidays: ${holidays}, weekend: { weekdays: [SUN, SAT] } }\njobs:\n  a: ${hourly(`, ${jobs}`)}\n  b: ${hourly(', except: weekend')}\n`;

test('a calendar that changes is a change of the jobs that use it, and not of their schedules', async () => {
  const before = await snapshot(withCalendars('{ dates: [2030-01-02, 2030-01-01] }'));
  const after = await snapshot(withCalendars('{ dates: [2030-01-03] }'));
  expect(diffSnapshots(before, after)).toMatchObject({
    isEmpty: false,
    jobs: { added: [], removed: [], changed: [{ name: 'a', scheduleChanged: false }] },
    calendars: { added: [], removed: [], changed: ['holidays'] },
  });
  expect(after.revision).not.toBe(before.revision);
});

test('the days of a calendar count, not the order or the ranges they are written in', async () => {
  const before = await snapshot(withCalendars('{ dates: [2030-01-02, 2030-01-01] }'));
  const after = await snapshot(withCalendars('{ dates: [2030-01-01..2030-01-02] }'));
  expect(diffSnapshots(before, after).isEmpty).toBe(true);
  expect(after.revision).toBe(before.revision);
});

test('another rule over the same calendars is a change', async () => {
  const of = (rule: string) => snapshot(withCalendars('{ yearly: [12-25] }', rule));
  const before = await of('except: holidays');
  for (const rule of [
    'only: holidays',
    'except: [holidays, weekend]',
    'except: holidays, shift: next',
  ]) {
    const { jobs } = diffSnapshots(before, await of(rule));
    expect(jobs.changed, rule).toEqual([{ name: 'a', scheduleChanged: false }]);
  }
  expect(diffSnapshots(before, await of('except: [holidays]')).isEmpty).toBe(true);
});

test('what is in a calendar file is part of the revision', async () => {
  const event = (day: string) =>
    `BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:${day}\nEND:VEVENT\nEND:VCALENDAR\n`;
  const of = (day: string) => snapshot(withCalendars('{ ics: a.ics }'), 'a.yaml', event(day));
  const [before, same, after] = [await of('20301225'), await of('20301225'), await of('20301226')];
  expect(same.revision).toBe(before.revision);
  expect(after.revision).not.toBe(before.revision);
  expect(diffSnapshots(before, after).jobs.changed.map(({ name }) => name)).toEqual(['a']);
});
