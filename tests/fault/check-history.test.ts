import { expect, test } from 'vitest';
import type { RunRecord } from '../../src/dispatch/run.ts';
import { checkHistory, countFaults } from './check/check-history.ts';
import { aFaultJob, type FaultJob } from './fault-job.ts';
import type { FaultHistory, FaultKind, OutsideLine } from './history.ts';

// Ten occurrences of a job of one second; each test does one thing wrong by hand.
const t0 = Date.parse('2030-01-01T00:00:00Z');
const at = (second: number) => t0 + second * 1000;
const seconds = Array.from({ length: 10 }, (_, index) => index + 1);
const plain = aFaultJob({ schedule: { type: 'interval', everyMs: 1000 } });

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Draft = Mutable<FaultHistory> & { outside: OutsideLine[]; records: RunRecord[] };

const runOf = (second: number) => `job@${at(second)}`;

/** A history in which everything went well: each run takes 100 ms. */
function goodHistory(job: FaultJob = plain): Draft {
  return {
    versions: [{ job, anchorAt: t0, requiredUntilAt: at(10), allowedUntilAt: at(11) - 1 }],
    outside: seconds.flatMap((second) => attemptLines(second)),
    records: seconds.map((second) => recordOf(second)),
    disturbances: [],
    disabledAt: at(100),
    lateMs: 1000,
  };
}

function attemptLines(second: number, attempt = 1, startAt = at(second) + 5): OutsideLine[] {
  const facts = { job: 'job', nominal: at(second), run: runOf(second), attempt, pid: 7, parent: 6 };
  const start = { ...facts, start: startAt };
  return [start, { ...start, end: startAt + 100, outcome: 'done' }];
}

function recordOf(second: number, more: Partial<RunRecord> = {}): RunRecord {
  return {
    id: runOf(second),
    job: 'job',
    service: 'outside',
    trigger: 'schedule',
    state: 'succeeded',
    attempt: 1,
    nominalAt: at(second),
    plannedAt: at(second),
    startedAt: at(second) + 2,
    endedAt: at(second) + 110,
    revision: 'r',
    ...more,
  };
}

const change = (history: Draft, second: number, more: Partial<RunRecord>) => {
  history.records[second - 1] = recordOf(second, more);
};
const without = (history: Draft, fits: (line: OutsideLine) => boolean) => {
  history.outside = history.outside.filter((line) => !fits(line));
};
const isEndOf = (second: number) => (line: OutsideLine) =>
  line.run === runOf(second) && line.end !== undefined;
const died = (from: number, until: number) =>
  ({ kind: 'daemon-down', fromAt: at(from), untilAt: at(until) }) as const;
const lost = { state: 'lost', error: { name: 'Error', message: 'died' } } as const;

function kindsAfter(spoil: (history: Draft) => void, job?: FaultJob): FaultKind[] {
  const history = goodHistory(job);
  spoil(history);
  return [...new Set(checkHistory(history).map(({ kind }) => kind))];
}

test('a history in which all went well has no faults', () => {
  expect(checkHistory(goodHistory())).toEqual([]);
  expect(Object.values(countFaults([])).every((count) => count === 0)).toBe(true);
});

const handMade: [kind: FaultKind, what: string, spoil: (history: Draft) => void, job?: FaultJob][] =
  [
    [
      'LOST',
      'an occurrence without a record',
      (history) => {
        history.records.splice(4, 1);
        without(history, ({ run }) => run === runOf(5));
      },
    ],
    [
      'LOST',
      'a stretch that counts fewer than it spans',
      (history) => {
        history.records.splice(2, 3, stretch(3, 5, 2));
        without(history, ({ nominal }) => nominal >= at(3) && nominal <= at(5));
      },
      { ...plain, catchUp: 'none' },
    ],
    [
      'LOST',
      'a missed occurrence of a job that catches up all',
      (history) => {
        change(history, 5, { ...stretch(5, 5, 1) });
        without(history, ({ run }) => run === runOf(5));
      },
    ],
    [
      'LOST',
      'the latest of a gap missed although the policy runs it',
      (history) => {
        history.records.splice(2, 4, stretch(3, 4, 2), stretch(5, 6, 2));
        without(history, ({ nominal }) => nominal >= at(3) && nominal <= at(6));
      },
      { ...plain, catchUp: 'latest' },
    ],
    [
      'LOST',
      'an overlap skip of a job that allows overlaps',
      (history) => {
        change(history, 5, { state: 'skipped', reason: 'overlap', attempt: 0 });
        without(history, ({ run }) => run === runOf(5));
      },
    ],
    [
      'LOST',
      'an overlap skip while nothing ran',
      (history) => {
        change(history, 5, { state: 'skipped', reason: 'overlap', attempt: 0 });
        without(history, ({ run }) => run === runOf(5));
      },
      { ...plain, overlap: 'skip' },
    ],
    [
      'LOST',
      'a disabled skip before anything was disabled',
      (history) => {
        change(history, 5, { state: 'skipped', reason: 'disabled', attempt: 0 });
        without(history, ({ run }) => run === runOf(5));
      },
    ],
    [
      'DUPLICATE',
      'two starts of a first attempt',
      (history) => {
        history.outside.push(...attemptLines(5, 1, at(5) + 300).slice(0, 1));
      },
    ],
    [
      'DUPLICATE',
      'two starts of a second attempt',
      (history) => {
        change(history, 5, { attempt: 2 });
        history.disturbances = [died(5.05, 5.2)];
        history.outside.push(
          ...attemptLines(5, 2, at(5) + 300),
          ...attemptLines(5, 2, at(5) + 350),
        );
      },
    ],
    [
      'DUPLICATE',
      'two records of an occurrence',
      (history) => {
        history.records.push({ ...recordOf(5), id: 'job@again' });
        history.outside.push(...attemptLines(5).map((line) => ({ ...line, run: 'job@again' })));
      },
    ],
    [
      'DUPLICATE',
      'an occurrence that ran and is in a missed stretch too',
      (history) => {
        history.records.push({ ...stretch(5, 6, 2), id: 'job@stretch' });
      },
      { ...plain, catchUp: 'none' },
    ],
    [
      'PHANTOM',
      'a record at an instant that no schedule names',
      (history) => {
        history.records.push({ ...recordOf(5.5), id: 'job@x' });
        history.outside.push(...attemptLines(5.5).map((line) => ({ ...line, run: 'job@x' })));
      },
    ],
    [
      'PHANTOM',
      'a start without a record',
      (history) => {
        history.outside.push(...attemptLines(5).map((line) => ({ ...line, run: 'job@unknown' })));
      },
    ],
    [
      'PHANTOM',
      'a run of a job beyond its repeats',
      () => {},
      {
        ...plain,
        schedule: { type: 'interval', everyMs: 1000, repeats: 9 },
      },
    ],
    [
      'PHANTOM',
      'a one-time job that fires again',
      () => {},
      {
        ...plain,
        schedule: { type: 'one-time', at: at(3) },
      },
    ],
    [
      'PHANTOM',
      'a start in a host whose daemon was dead',
      (history) => {
        history.outside[8] = { ...(history.outside[8] as OutsideLine), parent: 1 };
      },
    ],
    [
      'PHANTOM',
      'more attempts than are granted',
      (history) => {
        history.disturbances = [died(5, 6)];
        change(history, 5, { attempt: 4 });
        history.outside.push(...attemptLines(5, 4, at(5) + 400));
      },
    ],
    [
      'PHANTOM',
      'a catch-up of a job that catches up nothing',
      (history) => {
        change(history, 5, { trigger: 'catch-up' });
      },
      { ...plain, catchUp: 'none' },
    ],
    [
      'PHANTOM',
      'an occurrence of a schedule after it was replaced',
      (history) => {
        const [version] = history.versions;
        if (version)
          history.versions = [{ ...version, requiredUntilAt: at(7), allowedUntilAt: at(7) }];
      },
    ],
    [
      'EARLY',
      'a start before its time',
      (history) => {
        without(history, ({ run }) => run === runOf(5));
        history.outside.push(...attemptLines(5, 1, at(5) - 1));
      },
    ],
    [
      'EARLY',
      'a start before its jitter has run out',
      (history) => {
        change(history, 5, { plannedAt: at(5) + 50 });
      },
      { ...plain, jitterMs: 500 },
    ],
    [
      'LATE',
      'a start long after its time, on a quiet machine',
      (history) => {
        without(history, ({ run }) => run === runOf(5));
        history.outside.push(...attemptLines(5, 1, at(5) + 1500));
      },
    ],
    [
      'LATE',
      'a jitter beyond its bound',
      (history) => {
        change(history, 5, { plannedAt: at(5) + 3 });
      },
    ],
    [
      'OVERLAP',
      'two runs at once of a job that skips',
      (history) => {
        history.outside = history.outside.map((line) =>
          isEndOf(4)(line) ? { ...line, end: at(5) + 200 } : line,
        );
      },
      { ...plain, overlap: 'skip' },
    ],
    [
      'OVERLAP',
      'a run beside one that was cut short only later',
      (history) => {
        without(history, isEndOf(4));
        change(history, 4, { ...lost, endedAt: at(6) });
        history.disturbances = [{ kind: 'host-killed', fromAt: at(5.5), untilAt: at(5.6), pid: 7 }];
      },
      { ...plain, overlap: 'queue', onLost: false },
    ],
    [
      'SILENT',
      'a run that is still running at the end',
      (history) => {
        change(history, 5, { state: 'running' });
      },
    ],
    [
      'SILENT',
      'a run that waits for ever',
      (history) => {
        change(history, 5, { state: 'waiting', attempt: 0 });
        without(history, ({ run }) => run === runOf(5));
      },
    ],
    [
      'SILENT',
      'a skip without a reason',
      (history) => {
        change(history, 5, { state: 'skipped', attempt: 0 });
        without(history, ({ run }) => run === runOf(5));
      },
    ],
    [
      'SILENT',
      'a loss without an error',
      (history) => {
        change(history, 5, { state: 'lost' });
      },
    ],
    ['LIAR', 'a success that the outside never saw end', (history) => without(history, isEndOf(5))],
    [
      'LIAR',
      'a success that threw',
      (history) => {
        history.outside = history.outside.map((line) =>
          isEndOf(5)(line) ? { ...line, outcome: 'threw' as const } : line,
        );
      },
    ],
    [
      'LIAR',
      'a failure that was done',
      (history) => {
        change(history, 5, { ...lost, state: 'failed' });
      },
    ],
    [
      'LIAR',
      'a loss although nothing died',
      (history) => {
        change(history, 5, lost);
        without(history, isEndOf(5));
      },
    ],
    [
      'LIAR',
      'a loss of what was done long before the death',
      (history) => {
        change(history, 2, { ...lost, endedAt: at(9) });
        history.disturbances = [died(8, 9)];
      },
    ],
    [
      'LIAR',
      'a second try of what was done',
      (history) => {
        change(history, 5, { attempt: 2 });
        history.outside.push(...attemptLines(5, 2, at(5) + 400));
      },
    ],
    [
      'LIAR',
      'a time-out of what was quick',
      (history) => {
        change(history, 5, { ...lost, state: 'timed-out' });
      },
    ],
    [
      'LIAR',
      'a start of an attempt that the record does not know',
      (history) => {
        history.disturbances = [died(5, 6)];
        history.outside.push(...attemptLines(5, 2, at(5) + 400));
      },
    ],
    [
      'LIAR',
      'a skip of what was started',
      (history) => {
        change(history, 5, { state: 'skipped', reason: 'queue-full' });
      },
      { ...plain, overlap: 'queue' },
    ],
    [
      'LIAR',
      'a success with the error of an earlier attempt',
      (history) => {
        change(history, 5, { error: lost.error });
      },
    ],
    [
      'LIAR',
      'a stretch that counts more than it spans',
      (history) => {
        history.records.splice(2, 3, stretch(3, 5, 4));
        without(history, ({ nominal }) => nominal >= at(3) && nominal <= at(5));
      },
      { ...plain, catchUp: 'none' },
    ],
  ];

function stretch(first: number, last: number, count: number): RunRecord {
  const more = { state: 'missed', reason: 'outage', attempt: 0, count } as const;
  return recordOf(first, { ...more, lastNominalAt: at(last) });
}

test.each(handMade)('%s: it finds %s', (kind, _, spoil, job) => {
  expect(kindsAfter(spoil, job)).toEqual([kind]);
});

test('what a kill explains is no fault', () => {
  const excused: ((history: Draft) => void)[] = [
    // Cut before its end, and lost.
    (history) => {
      change(history, 5, lost);
      without(history, isEndOf(5));
    },
    // Done, but killed before the result was on disk; then tried again.
    (history) => {
      change(history, 5, { attempt: 2 });
      history.outside.push(...attemptLines(5, 2, at(5) + 400));
    },
    // Handed over just before the kill, and begun just after it.
    (history) => {
      change(history, 5, lost);
      without(history, isEndOf(5));
      history.outside = history.outside.map((line) =>
        line.run === runOf(5) ? { ...line, parent: 1 } : line,
      );
    },
    // Late, because nobody was there.
    (history) => {
      without(history, ({ run }) => run === runOf(5));
      history.outside.push(...attemptLines(5, 1, at(5) + 1500));
    },
  ];
  for (const spoil of excused) {
    const kinds = kindsAfter((history) => {
      spoil(history);
      history.disturbances = [died(5.11, 5.3)];
    });
    expect(kinds).toEqual([]);
  }
});

test('what waits behind the backlog of an outage is not late', () => {
  const history = goodHistory();
  for (const second of [3, 6]) without(history, ({ run }) => run === runOf(second));
  change(history, 3, { trigger: 'catch-up' });
  history.outside.push(...attemptLines(3, 1, at(6) + 1000), ...attemptLines(6, 1, at(6) + 1500));
  expect(checkHistory(history)).toEqual([]);
});
