import { pathToFileURL } from 'node:url';
import { systemClock } from '../src/clock/system-clock.ts';
import { Alarm } from '../src/daemon/alarm.ts';
import { ClockWatch } from '../src/daemon/clock-watch.ts';
import { Timetable } from '../src/schedule/timetable.ts';
import { type BenchRow, benchTable } from './bench-table.ts';

const seconds = 50;
const hourMs = 3_600_000;

/** What it costs to wait: the clockwork over many jobs of which none is due for an hour. */
async function idleShare(jobs: number): Promise<number> {
  const timetable = new Timetable();
  const firstAt = Date.now() + hourMs;
  for (let slot = 0; slot < jobs; slot++) timetable.set(slot, firstAt + slot);
  const watch = new ClockWatch(systemClock);
  const alarm: Alarm = new Alarm(systemClock, () => {
    watch.look();
    timetable.takeDue(systemClock.now());
    alarm.set(timetable.nextAt());
  });
  alarm.set(timetable.nextAt());
  // What was left behind when it was built is cleared away now, and not in the time that is measured:
  // V8 does it once, half a minute after a process has last made much garbage.
  for (let second = 0; second < 40; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const { user, system } = process.cpuUsage(before);
  alarm.stop();
  return (user + system) / (seconds * 1e6);
}

export async function idleCpu(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const jobs of [100_000, 1_000_000]) {
    const value = (await idleShare(jobs)) * 100;
    rows.push({
      what: `CPU over ${seconds} s, ${jobs} jobs, none due`,
      value,
      unit: '%',
      aim: '≤ 0.02',
    });
  }
  return rows;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(benchTable(await idleCpu()));
}
