import { expect, test } from 'vitest';
import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import { Engine } from '../../src/daemon/engine.ts';
import { Scheduler } from '../../src/daemon/scheduler.ts';
import type { Executor } from '../../src/host/executor.ts';
import { aJob, aSnapshot } from '../support/daemon-harness.ts';
import { isFull } from '../support/is-full.ts';
import { cronInstants } from './oracle/cron-instants.ts';
import { SimClock } from './world/sim-clock.ts';

const day = 86_400_000;

// Each hits the hours in which clocks change, once or many times a day.
const crons = [
  '30 2 * * *',
  '0 0 * * *',
  '15 1,2,3 * * *',
  '*/30 * * * *',
  '45 23 * * SUN',
  '0 0-4 * * *',
  '5,35 */2 * * *',
  '0 12 L * *',
  '10 0 29 2 *',
];

// The quick run takes every third.
const years = [
  ['Europe/Berlin', 2026],
  ['America/New_York', 2026],
  ['Australia/Lord_Howe', 2026],
  ['America/Santiago', 2026],
  ['Antarctica/Troll', 2026],
  ['Africa/Cairo', 2026],
  ['Pacific/Apia', 2011],
] as const;

test.each(years.filter((_, index) => isFull || index % 3 === 0))(
  'through a year in %s, %i, the loop starts exactly what the oracle lists',
  async (zone, year) => {
    const fromAt = Date.UTC(year, 0, 1) - day;
    const untilAt = Date.UTC(year + 1, 0, 1) + day;
    const started = await liveThrough(zone, fromAt, untilAt);
    for (const cron of crons) {
      const wanted = cronInstants(cron, zone, { fromAt: fromAt + 1, untilAt });
      const found = started.get(cron) ?? [];
      expect(found.length, `${cron} in ${zone}`).toBe(wanted.length);
      const difference = found.findIndex((at, index) => at !== wanted[index]);
      expect(
        difference,
        `${cron} in ${zone}: ${iso(found[difference])}, wanted ${iso(wanted[difference])}`,
      ).toBe(-1);
    }
  },
  120_000,
);

const iso = (at: number | undefined) => (at === undefined ? '' : new Date(at).toISOString());

/** The real loop on a virtual clock: when each expression's runs were started. */
async function liveThrough(
  zone: string,
  fromAt: number,
  untilAt: number,
): Promise<Map<string, number[]>> {
  const sim = new SimClock(fromAt);
  const clock = sim.of({ isAlive: true });
  const started = new Map<string, number[]>();
  const executor: Executor = {
    hasRoom: () => true,
    start({ id, attempt, job }) {
      // The instant at which it is handed over, which must be the one it is for.
      const list = started.get(job?.name ?? '') ?? [];
      started.set(job?.name ?? '', list);
      list.push(clock.now());
      if (job?.nominalAt !== clock.now()) throw new Error(`${id} starts at ${iso(clock.now())}`);
      clock.after(1, () => engine.dispatcher.settle([{ id, attempt, outcome: 'succeeded' }]));
      return 'host';
    },
    cancel() {},
    async close() {},
  };
  const jobs = crons.map((cron) =>
    aJob({ name: cron, schedule: { type: 'cron', cron, timezone: zone } }),
  );
  const engine: Engine = new Engine(aSnapshot(jobs), {
    clock,
    random: () => 0.5,
    backend: openMemoryBackend({ clock }),
    executor,
    isBuiltIn: () => false,
    events: { started() {}, ended() {}, retrying() {}, troubled() {}, recovered() {} },
  });
  const { journal, dispatcher, tickets } = engine;
  const scheduler = new Scheduler({
    clock,
    journal,
    dispatcher,
    tickets,
    events: { clockJumped() {}, stretch() {} },
  });
  scheduler.start(engine.snapshot, []);
  await sim.runUntil(untilAt - fromAt - 1);
  scheduler.stop();
  return started;
}
