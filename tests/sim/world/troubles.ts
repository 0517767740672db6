import type { Instant, Milliseconds } from '../../../src/clock/clock.ts';
import type { PauseTarget } from '../../../src/daemon/pauses.ts';
import type { JobsdError } from '../../../src/errors.ts';
import { Random } from './random.ts';
import type { SimJob } from './sim-job.ts';
import type { KillPoint } from './sim-store.ts';
import type { SimWorld } from './sim-world.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const mostOutagesAtPauseEnd = 2;

export const reactionJobs = ['reaction-a', 'reaction-b'];

const killPoints: readonly (KillPoint | 'any')[] = [
  'any',
  'read',
  'commit-asked',
  'commit-durable',
  'commit-told',
  'host-asked',
  'host-started',
  'host-ended',
];

/** All that befalls one world: faults, and what people do meanwhile, each at its time. */
export class Troubles {
  private readonly world: SimWorld;
  private readonly random: Random;
  private isOver = false;

  constructor(world: SimWorld, seed: number) {
    this.world = world;
    this.random = new Random(seed, 'troubles');
  }

  /** Up to 20 faults and 20 acts within the time. */
  plan(durationMs: Milliseconds): void {
    let atMs = 0;
    const count = this.random.between(4, 20 - mostOutagesAtPauseEnd);
    for (let index = 0; index < count; index++) {
      const isCloseToLast = index > 0 && this.random.chance(0.3);
      atMs = isCloseToLast
        ? atMs + this.random.magnitude(1, 3 * minute)
        : this.aligned(this.random.between(0, durationMs));
      this.at(atMs, () => this.fault());
    }
    const acts = this.random.between(5, 20);
    for (let index = 0; index < acts; index++) {
      const isCloseToFault = this.random.chance(0.2);
      const actMs = isCloseToFault
        ? atMs + this.random.between(-2000, 40_000)
        : this.aligned(this.random.between(0, durationMs));
      this.at(actMs, () => this.act());
    }
  }

  /** Nothing bad happens any more, and what was broken is whole again. */
  end(): void {
    this.isOver = true;
    const { world } = this;
    world.armedKill = undefined;
    world.store.slownessMs = 3;
    if (world.store.isFull) world.setDiskFull(false);
    if (!world.life?.isReady) world.startDaemon();
  }

  private at(ms: Milliseconds, what: () => void): void {
    const inMs = Math.max(ms - this.world.nowMs, 0);
    this.world.clock.after(inMs, () => {
      if (!this.isOver) what();
    });
  }

  private later(inMs: Milliseconds, what: () => void): void {
    this.at(this.world.nowMs + inMs, what);
  }

  /** Many jobs are due at whole minutes: trouble comes just then, or just before or after. */
  private aligned(ms: Milliseconds): Milliseconds {
    if (this.random.chance(0.5)) return ms;
    return this.wholeWall(ms) + this.random.pick([0, 0, 0, -1, 1, 2, 4, 500]);
  }

  /** At or before `ms`, when the wall clock as it goes now shows a whole minute, hour or day. */
  private wholeWall(ms: Milliseconds): Milliseconds {
    const unit = this.random.pick([minute, 5 * minute, hour, 4 * hour, day]);
    const wallAt = ms + this.world.clock.now() - this.world.nowMs;
    return ms - (wallAt % unit);
  }

  private fault(): void {
    const kind = this.random.weighted({
      kill: 4,
      killAtPoint: 5,
      stop: 2,
      jump: 5,
      stall: 2,
      fullDisk: 3,
      slowDisk: 1,
      hosts: 2,
    });
    this[kind]();
  }

  private act(): void {
    this[this.random.weighted({ edit: 6, pause: 3, runNow: 3, cancel: 2 })]();
  }

  kill(): void {
    this.world.kill('blind');
    this.restartLater();
  }

  killAtPoint(): void {
    const left = this.random.magnitude(1, 60);
    this.world.armedKill = { point: this.random.pick(killPoints), left };
    this.later(this.random.magnitude(1000, 6 * hour), () => {
      this.world.armedKill = undefined;
      this.restartLater();
    });
  }

  stop(): void {
    void this.world.stopDaemon();
    this.restartLater();
  }

  private restartLater(): void {
    const isShort = this.random.chance(0.35);
    const downMs = this.random.magnitude(100, isShort ? 5 * minute : 3 * day);
    const { nowMs } = this.world;
    const untilMs = this.random.chance(0.4) ? this.wholeWall(nowMs + downMs) : nowMs + downMs;
    this.at(Math.max(untilMs, nowMs + 100), () => {
      if (!this.world.life?.isReady) this.world.startDaemon();
    });
  }

  jump(): void {
    const { world, random } = this;
    const isWhole = random.chance(0.5);
    const size = random.chance(0.5)
      ? random.magnitude(1500, hour - 1)
      : random.magnitude(hour, 3 * day);
    const byMs = (isWhole ? Math.ceil(size / minute) * minute : size) * random.pick([1, 1, -1]);
    const offset = world.clock.now() - world.nowMs - world.span.startAt + byMs;
    if (offset < -4 * day || offset > 8 * day) return;
    world.jump(byMs);
    // Most clocks that were wrong are put right again.
    if (random.chance(0.4)) this.later(random.magnitude(1000, 2 * day), () => world.jump(-byMs));
  }

  stall(): void {
    this.world.stall(this.random.magnitude(100, 5 * minute));
  }

  fullDisk(): void {
    this.world.setDiskFull(true);
    // Seldom for hours: each second of it is two tries to write, the same again and again.
    const longestMs = this.random.chance(0.25) ? 3 * hour : 20 * minute;
    this.later(this.random.magnitude(1000, longestMs), () => this.world.setDiskFull(false));
  }

  slowDisk(): void {
    const forMs = this.random.magnitude(minute, 6 * hour);
    this.world.setSlowness(this.random.magnitude(20, 8000), forMs);
    this.later(forMs, () => this.world.setSlowness(3, 0));
  }

  hosts(): void {
    const hosts = this.world.life?.isReady ? this.world.life.hosts : undefined;
    this.world.tell('hosts');
    if (this.random.chance(0.5)) hosts?.loseAll();
    else hosts?.fillUp(this.random.magnitude(1000, hour));
  }

  edit(): void {
    const { world, random } = this;
    const jobs = new Map(world.jobs);
    const count = random.between(1, 6);
    for (let index = 0; index < count; index++) this.editOne(jobs);
    world.declare(jobs);
    world.reload();
  }

  private editOne(jobs: Map<string, SimJob>): void {
    const { world, random } = this;
    const own = [...jobs.keys()].filter((name) => !reactionJobs.includes(name));
    const name = random.pick(own);
    const job = jobs.get(name);
    if (!job) return;
    const nowAt = world.clock.now();
    switch (random.weighted({ edit: 6, remove: 2, add: 2, again: 1, rename: 1 })) {
      case 'edit':
        jobs.set(name, world.maker.edit(job, nowAt));
        return;
      case 'remove':
        if (own.length > 10) jobs.delete(name);
        return;
      case 'add':
        if (own.length < 60)
          jobs.set(`job-${this.nextName++}`, world.maker.make(`job-${this.nextName - 1}`, nowAt));
        return;
      case 'again':
        this.removeAndAddAgain(name, job, jobs);
        return;
      case 'rename': {
        const renamed = world.maker.rename(job, `job-${this.nextName++}`);
        jobs.delete(name);
        jobs.set(renamed.name, renamed);
        return;
      }
    }
  }

  private nextName = 100;

  private removeAndAddAgain(name: string, job: SimJob, jobs: Map<string, SimJob>): void {
    jobs.delete(name);
    this.later(this.random.magnitude(1000, 2 * day), () => {
      const now = new Map(this.world.jobs);
      if (now.has(name) || [...now.values()].some((other) => other.renamedFrom === name)) return;
      const { renamedFrom: _, ...again } = job;
      now.set(name, again);
      this.world.declare(now);
      this.world.reload();
    });
  }

  pause(): void {
    const { world, random } = this;
    const { names } = world.tracking;
    if (names.length === 0) return;
    const above: PauseTarget = random.pick([{ kind: 'all' }, { kind: 'group', name: 'few' }]);
    const target = random.chance(0.2)
      ? above
      : ({ kind: 'job', name: random.pick(names) } as const);
    if (random.chance(0.5)) {
      const until = world.clock.now() + random.magnitude(10 * minute, 3 * day);
      world.setPaused(target, { until });
      this.mayBeDownAt(until);
      return;
    }
    world.setPaused(target, {});
    this.later(random.magnitude(1000, 4 * day), () => world.setPaused(target, undefined));
  }

  /** What runs out while nobody is there is noticed only afterwards: seldom enough by itself. */
  private mayBeDownAt(until: Instant): void {
    const { world, random } = this;
    if (this.outagesAtPauseEnd === mostOutagesAtPauseEnd || random.chance(0.5)) return;
    this.outagesAtPauseEnd += 1;
    const inMs = until - world.clock.now();
    this.later(inMs - random.magnitude(2 * minute, 8 * hour), () =>
      world.kill('before a pause ends'),
    );
    this.later(inMs + random.magnitude(1000, 4 * hour), () => {
      if (!world.life?.isReady) world.startDaemon();
    });
  }

  private outagesAtPauseEnd = 0;

  runNow(): void {
    const { world, random } = this;
    const name = random.pick([...world.jobs.keys()]);
    if (!world.life?.isReady || !world.life.scheduler.job(name)) return;
    world.tell(`run ${name}`);
    world.life.engine
      .runJob(name, { trigger: 'manual', actor: 'somebody' })
      .catch((error: JobsdError) => {
        // The one reason there is: it could not be written down.
        if (error.code !== 'JOBSD_BACKEND_UNWRITABLE') world.violate(`REFUSED ${name} ${error}`);
      });
  }

  cancel(): void {
    const { world, random } = this;
    const open = world.ledger.unfinished();
    if (open.length === 0 || !world.life?.isReady) return;
    const { id } = random.pick(open).record;
    world.tell(`cancel ${id}`);
    world.life.engine.dispatcher.cancel(id, 'asked');
  }
}
