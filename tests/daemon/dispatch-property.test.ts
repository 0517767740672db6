import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import type {
  GroupDefinition,
  JobDefinition,
  ServiceDefinition,
} from '../../src/config/snapshot.ts';
import { retryRun } from '../../src/daemon/run-control.ts';
import type { Ticket } from '../../src/dispatch/ticket.ts';
import { comesBefore } from '../../src/dispatch/ticket-heap.ts';
import { JobsdError } from '../../src/errors.ts';
import type { RunRequest } from '../../src/host/executor.ts';
import { aJob, aSnapshot, startHarness, type TestExecutor } from '../support/daemon-harness.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const place = { file: 'jobs.yaml', line: 1, column: 1, endColumn: 2 };
const second = 1000;
const services = ['a', 'b', 'c'];
const groupNames = ['g', 'h'];
const jobNames = ['one', 'two', 'three', 'four'];

const jobSpec = fc.record({
  service: fc.constantFrom(...services),
  overlap: fc.constantFrom('allow', 'allow', 'skip', 'queue', 'queue-latest', 'replace'),
  group: fc.constantFrom(undefined, ...groupNames),
  priority: fc.integer({ min: -1, max: 1 }),
  every: fc.constantFrom(undefined, '1s', '3s', '10s'),
  attempts: fc.integer({ min: 1, max: 3 }),
  delayMs: fc.constantFrom(0, 500, 4000),
  onFailure: fc.constantFrom(undefined, ...jobNames),
});
const limit = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
const config = fc.record({
  jobs: fc.array(jobSpec, { minLength: jobNames.length, maxLength: jobNames.length }),
  maxRunning: fc.array(limit, { minLength: services.length, maxLength: services.length }),
  groups: fc.array(
    fc.record({
      maxRunning: limit,
      rate: fc.option(
        fc.record({
          count: fc.integer({ min: 1, max: 3 }),
          perMs: fc.constantFrom(1, second, 7 * second),
        }),
        { nil: undefined },
      ),
    }),
    { minLength: groupNames.length, maxLength: groupNames.length },
  ),
});
type Config = typeof config extends fc.Arbitrary<infer Value> ? Value : never;

const which = fc.nat({ max: 1000 });
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.integer({ min: 0, max: 6000 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('run'), job: fc.constantFrom(...jobNames) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('invoke'), service: fc.constantFrom(...services) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('end'),
      which,
      outcome: fc.constantFrom('succeeded', 'succeeded', 'failed', 'timed-out', 'lost'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel'), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retry'), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lend'), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('take-back'), which }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('room'), places: fc.integer({ min: 0, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload'), config }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pause'),
      target: fc.constantFrom('all', ...groupNames, ...jobNames),
      on: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('jump'),
      ms: fc.integer({ min: -9_000_000, max: 9000 }),
    }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

function snapshotOf(spec: Config) {
  const jobs = spec.jobs.map((job, index): JobDefinition => {
    const follower = jobNames.indexOf(job.onFailure ?? '');
    return aJob({
      name: jobNames[index] ?? '',
      service: job.service,
      overlap: job.overlap,
      priority: job.priority,
      ...(job.group === undefined ? {} : { group: job.group }),
      schedule:
        job.every === undefined ? { type: 'manual' } : { type: 'interval', every: job.every },
      retry: {
        attempts: job.attempts,
        delayMs: job.delayMs,
        backoff: 'constant',
        maxDelayMs: 10 * second,
        onLost: true,
      },
      // Only to later jobs: a circle is refused by `validate`.
      on: follower > index ? { failure: { job: jobNames[follower] ?? '' } } : {},
    });
  });
  const declared = services.map((name, index): [string, ServiceDefinition] => {
    const maxRunning = spec.maxRunning[index];
    const service = { name, module: `services/${name}.ts`, export: 'default', place };
    return [name, { ...service, ...(maxRunning === undefined ? {} : { maxRunning }) }];
  });
  const groups = groupNames.map((name, index): [string, GroupDefinition] => {
    const { maxRunning, rate } = spec.groups[index] ?? {};
    return [
      name,
      {
        name,
        place,
        ...(maxRunning === undefined ? {} : { maxRunning }),
        ...(rate === undefined ? {} : { rate }),
      },
    ];
  });
  const revision = JSON.stringify(spec);
  return { ...aSnapshot(jobs, 4), revision, services: new Map(declared), groups: new Map(groups) };
}

/** The engine and the clockwork with runs that end when they are told to, watched from outside. */
class World {
  readonly clock = new VirtualClock('2030-01-01T00:00:00Z');
  private life: Awaited<ReturnType<typeof startHarness>> | undefined;
  private snapshot: ReturnType<typeof snapshotOf>;
  private readonly commitMs: number;
  private readonly backend: Backend;
  private places = 100;
  private readonly askedAgain = new Map<string, number>();
  private hasJumped = false;
  private hasReloaded = false;
  private hasLent = false;
  private lent: (() => void)[] = [];
  /** Starts by group, and by run, as the executor sees them. */
  private readonly startsOfGroup = new Map<string, number[]>();
  private readonly attempts = new Set<string>();

  constructor(spec: Config, commitMs: number) {
    this.snapshot = snapshotOf(spec);
    this.commitMs = commitMs;
    this.backend = this.slow(openMemoryBackend({ clock: this.clock }));
  }

  get current() {
    if (!this.life) throw new Error('not begun');
    return this.life;
  }

  async begin(): Promise<void> {
    this.life = undefined;
    const life = await startHarness({
      now: '',
      clock: this.clock,
      jobs: [...this.snapshot.jobs.values()],
      snapshot: this.snapshot,
      backend: this.backend,
      prepare: (executor) => this.watch(executor),
    });
    this.life = life;
    await this.settle();
  }

  private watch(executor: TestExecutor): void {
    executor.runsForMs = undefined;
    executor.hasRoom = () => executor.underWay.size < this.places;
    const start = executor.start.bind(executor);
    executor.start = (request) => {
      this.checkStart(request);
      return start(request);
    };
  }

  private checkStart({ id, attempt }: RunRequest): void {
    const key = `${id} ${attempt}`;
    if (this.attempts.has(key)) throw new Error(`${key} started twice`);
    this.attempts.add(key);
    const active = this.life?.engine.dispatcher.active;
    const ticket = active?.get(id)?.ticket;
    const { attempts = Number.POSITIVE_INFINITY } = ticket?.definition.retry ?? {};
    const mayBeMore = this.askedAgain.get(id) ?? 0;
    // Two more are granted to what was lost, and one each time somebody asks for it.
    if (attempt > attempts + 2 + mayBeMore) throw new Error(`${key} is one too many`);
    this.checkOrder(ticket);
    // What ran before an edit may be more than it allows.
    if (!active || !ticket || this.hasReloaded) return;
    const { name, service, group = '', overlap } = ticket.definition;
    const others = [...active.all()].filter((other) => other.ticket.run.id !== id);
    const running = others.filter((other) => other.isRunning).map((other) => other.ticket);
    const { maxRunning, rate } = this.snapshot.groups.get(group) ?? {};
    const ofService = running.filter((other) => other.definition.service === service).length;
    const ofGroup = running.filter((other) => other.definition.group === group).length;
    const narrow = this.snapshot.services.get(service)?.maxRunning ?? Number.POSITIVE_INFINITY;
    if (ofService >= narrow) throw new Error(`${key} is too much for service ${service}`);
    if (ofGroup >= (maxRunning ?? Number.POSITIVE_INFINITY)) {
      throw new Error(`${key} is too much for group ${group}`);
    }
    if (overlap !== 'allow' && others.some((other) => other.ticket.definition.name === name)) {
      throw new Error(`${key} overlaps another run`);
    }
    if (running.length >= 4 && !this.hasLent) throw new Error(`${key} is too much for the hosts`);
    if (!rate || this.hasJumped) return;
    const starts = this.startsOfGroup.get(group) ?? [];
    const earlier = starts.at(-rate.count);
    // By the instant of the decision: the commits in between do not all take as long.
    const startedAt = ticket.run.startedAt ?? 0;
    if (earlier !== undefined && startedAt - earlier < rate.perMs) {
      throw new Error(`${key} is too soon for group ${group}`);
    }
    this.startsOfGroup.set(group, [...starts, startedAt]);
  }

  /** Of those who came earlier, and could start just as well, none comes before this one. */
  private checkOrder(started: Ticket | undefined): void {
    if (started?.run.attempt !== 1 || this.hasReloaded) return;
    const { definition } = started;
    // What a replaced run leaves in the middle of a step goes to who comes next in that step.
    if ([...this.snapshot.jobs.values()].some((job) => job.overlap === 'replace')) return;
    for (const ticket of this.life?.engine.dispatcher.queue.all() ?? []) {
      const { name, service, group, overlap, priority } = ticket.definition;
      const isAlike =
        name === definition.name || (overlap === 'allow' && group === definition.group);
      if (service !== definition.service || !isAlike) continue;
      if (priority > definition.priority && ticket.order < started.order) {
        throw new Error(`${started.run.id} starts before ${ticket.run.id}`);
      }
    }
  }

  /** What the executor was given is within all limits, and nobody waits who need not. */
  check(): void {
    const { dispatcher } = this.current.engine;
    const { occupancy, active, queue } = dispatcher;
    const running: Ticket[] = [];
    const jobs = new Map<string, number>();
    for (const { ticket, isRunning } of active.all()) {
      if (isRunning) running.push(ticket);
      else if (!this.hasJumped && (ticket.run.retryAt ?? 0) <= this.clock.now()) {
        const hasRoom = this.current.executor.hasRoom();
        const obstacle = occupancy.obstacle(ticket, this.clock.now());
        if (hasRoom && !obstacle) throw new Error(`${ticket.run.id} is tried again too late`);
      }
      jobs.set(ticket.definition.name, (jobs.get(ticket.definition.name) ?? 0) + 1);
    }
    const waiting = [...queue.all()];
    for (const ticket of waiting) {
      const { name, overlap } = ticket.definition;
      // Runs of a job that take turns keep their order, also where an edit has moved some to a group.
      const isNotFirst = waiting.some(
        (other) => other.definition.name === name && comesBefore(other, ticket),
      );
      const isBehindItsJob = overlap !== 'allow' && (isNotFirst || (jobs.get(name) ?? 0) > 0);
      const hasRoom = this.current.executor.hasRoom();
      const obstacle = occupancy.obstacle(ticket, this.clock.now());
      // The timer of a rate goes by the time that passes, whatever the wall clock has come to say.
      const { rate } = this.snapshot.groups.get(ticket.definition.group ?? '') ?? {};
      if (!isBehindItsJob && hasRoom && !obstacle && !(rate && this.hasJumped)) {
        throw new Error(`${ticket.run.id} waits for nothing`);
      }
    }
    expect(this.current.executor.underWay.size).toBe(running.length);
  }

  async settle(): Promise<void> {
    let isIdle = false;
    await this.clock.advance(0);
    void this.current.engine.journal.idle().then(() => {
      isIdle = true;
    });
    do await this.clock.advance(this.commitMs);
    while (!isIdle);
    await this.clock.advance(0);
    if (!this.isWriting) this.check();
  }

  /** What is being written has no effect yet. */
  private get isWriting(): boolean {
    return Reflect.get(this.current.engine.journal, 'isBusy');
  }

  /** A store that takes its time: what is decided meanwhile is decided without its answer. */
  private slow(backend: Backend): Backend {
    const commit = async (changes: Parameters<Backend['commit']>[0]) => {
      const result = await backend.commit(changes);
      if (this.commitMs > 0) {
        await new Promise<void>((resolve) => this.clock.after(this.commitMs, resolve));
      }
      return result;
    };
    return Object.create(backend, { commit: { value: commit } });
  }

  /** Who asks may be refused, or be left without an answer by a restart. */
  private ask(answer: Promise<unknown>): void {
    answer.catch((error) => {
      if (!(error instanceof JobsdError)) throw error;
    });
  }

  pick(which: number): string | undefined {
    const ids = [...this.current.executor.underWay.keys()];
    return ids[which % Math.max(ids.length, 1)];
  }

  async act(action: Action, settles: boolean): Promise<void> {
    const { engine, executor, scheduler, backend } = this.current;
    switch (action.kind) {
      case 'pass':
        await this.clock.advance(action.ms);
        break;
      case 'run':
        this.ask(engine.runJob(action.job, { trigger: 'manual' }));
        break;
      case 'invoke':
        this.ask(engine.invoke(action.service, { trigger: 'api' }));
        break;
      case 'end': {
        const id = this.pick(action.which);
        if (id) executor.end(id, { outcome: action.outcome });
        break;
      }
      case 'cancel': {
        const { runs } = await backend.runs({
          limit: 100,
          states: ['waiting', 'running', 'retrying'],
        });
        const run = runs[action.which % Math.max(runs.length, 1)];
        if (run) engine.dispatcher.cancel(run.id, 'cancelled');
        break;
      }
      case 'retry': {
        const { runs } = await backend.runs({ limit: 20, states: ['failed', 'cancelled', 'lost'] });
        const run = runs[action.which % Math.max(runs.length, 1)];
        if (run) this.askedAgain.set(run.id, (this.askedAgain.get(run.id) ?? 0) + 1);
        if (run) this.ask(retryRun(engine, backend, run.id, {}));
        break;
      }
      case 'lend': {
        const id = this.pick(action.which);
        if (id) this.lent.push(engine.dispatcher.lendPlace(id));
        this.hasLent = true;
        break;
      }
      case 'take-back':
        this.lent.splice(action.which % Math.max(this.lent.length, 1), 1)[0]?.();
        break;
      case 'room':
        this.places = action.places;
        engine.dispatcher.pump();
        break;
      case 'reload': {
        await this.reload(action.config);
        break;
      }
      case 'restart':
        this.current.kill();
        this.lent = [];
        await this.begin();
        break;
      case 'pause': {
        const { target, on } = action;
        const pause = on ? { at: this.clock.now() } : undefined;
        if (target === 'all') scheduler.setPaused({ kind: 'all' }, pause);
        else if (groupNames.includes(target))
          scheduler.setPaused({ kind: 'group', name: target }, pause);
        else scheduler.setPaused({ kind: 'job', name: target }, pause);
        break;
      }
      case 'jump':
        this.clock.jump(action.ms);
        this.hasJumped = true;
        break;
      default:
        action satisfies never;
    }
    if (settles) await this.settle();
  }

  private async reload(spec: Config): Promise<void> {
    this.snapshot = snapshotOf(spec);
    this.hasReloaded = true;
    await this.current.reloadSnapshot(this.snapshot);
  }

  /** Nobody occupies anything: a count that is off by one would narrow a limit for ever. */
  private checkEmpty(): void {
    const { occupancy } = this.current.engine.dispatcher;
    const names = [...jobNames, ...services.map((service) => `service:${service}`)];
    const idle = { active: 0, waiting: 0 };
    expect(names.map((name) => occupancy.situation(name))).toEqual(names.map(() => idle));
    expect(Reflect.get(occupancy, 'hosted')).toBe(0);
    expect(Reflect.get(occupancy.backlog, 'count')).toBe(0);
    for (const counts of ['byService', 'byGroup']) {
      for (const { count } of Reflect.get(occupancy, counts).values()) expect(count).toBe(0);
    }
  }

  /** All that is under way may end, and nothing new comes. */
  async finish(): Promise<void> {
    const { engine, executor, scheduler, records } = this.current;
    scheduler.stop();
    this.places = 100;
    for (const takeBack of this.lent) takeBack();
    engine.dispatcher.pump();
    for (let turn = 0; turn < 3000; turn++) {
      for (const id of [...executor.underWay.keys()]) executor.end(id);
      await this.settle();
      const { waitingCount, runningCount } = engine.dispatcher;
      if (waitingCount + runningCount === 0 && !this.isWriting) break;
      await this.clock.advance(second);
    }
    await this.settle();
    const left = (await records()).filter(
      (run) => run.state === 'waiting' || run.state === 'running' || run.state === 'retrying',
    );
    expect(left.map((run) => `${run.id} ${run.state}`)).toEqual([]);
    this.checkEmpty();
  }
}

test('whatever is asked, ended, cancelled, reloaded and restarted: limits hold, and nothing is left behind', async () => {
  const property = fc.asyncProperty(
    config,
    fc.constantFrom(0, 0, 1, 300),
    fc.array(fc.tuple(action, fc.boolean()), { maxLength: 150, size: 'max' }),
    async (spec, commitMs, actions) => {
      const world = new World(spec, commitMs);
      await world.begin();
      for (const [each, settles] of actions) await world.act(each, settles);
      await world.finish();
    },
  );
  await fc.assert(property, {
    numRuns: Number(process.env.RUNS ?? 60),
    interruptAfterTimeLimit: Number(process.env.LIMIT ?? 60_000),
  });
}, 600_000);
