import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeyValueStore } from '../../src/backend/backend.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { JsonValue, ServiceDefinition } from '../../src/config/snapshot.ts';
import type { LogLine } from '../../src/dispatch/run.ts';
import type { RunEnd, RunRequest } from '../../src/host/executor.ts';
import { type HostPool, type HostPoolOptions, openHostPool } from '../../src/host/host-pool.ts';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** A pool over a project made of service sources, and what happened in it. */
export interface TestPool extends AsyncDisposable {
  readonly pool: HostPool;
  readonly root: string;
  /** All ends so far, in order. */
  readonly ends: readonly RunEnd[];
  /** Starts a run and gives its end. */
  run(service: string, request?: Partial<RunRequest>): Promise<RunEnd>;
  /** Texts logged by a run, as `level: text`. */
  logged(id: string): readonly string[];
  /** Resolves when so many runs have ended in all. */
  untilEnds(count: number): Promise<void>;
  /** Resolves when so many hosts take work. */
  untilHosts(count: number): Promise<void>;
  /** Resolves when the run has logged a line that contains the text. */
  logs(id: string, text: string): Promise<void>;
}

/** `export default class extends Service` with this body of `handle`. */
export function service(body: string): string {
  return `import { Service } from 'jobsd';
export default class Tested extends Service {
  async handle() { ${body} }
}
`;
}

export interface TestProject {
  /** Module source by service name; the module is `<name>.ts`. */
  readonly services: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly declared?: Readonly<Record<string, Partial<ServiceDefinition>>>;
  readonly options?: Partial<HostPoolOptions>;
}

export async function openTestPool(project: TestProject): Promise<TestPool> {
  const root = await makeProject(project);
  const ends: RunEnd[] = [];
  const lines: { id: string; line: LogLine }[] = [];
  const ready = new Set<number | undefined>();
  const watchers = new Set<() => void>();
  const happened = (): void => {
    for (const watcher of watchers) watcher();
  };
  const pool = await openHostPool({
    root,
    services: definitions(project),
    endpoints: new Map(),
    hosts: 2,
    hostConcurrency: 10,
    hostMemoryMb: 256,
    hostMaxRuns: 1_000_000,
    clock: systemClock,
    keyValues: mapStore(),
    invoke: async () => undefined,
    redact: (text) => text,
    cacheDirectory: join(tmpdir(), 'jobsd-test-cache'),
    ...project.options,
    events: {
      ended: (some) => {
        ends.push(...some);
        happened();
      },
      logged: (id, some) => {
        lines.push(...some.map((line) => ({ id, line })));
        happened();
      },
      roomAgain: () => {},
      hostStarted: ({ pid }) => {
        ready.add(pid);
        happened();
      },
      hostDied: ({ pid }) => void ready.delete(pid),
      ...project.options?.events,
    },
  });
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const watcher = (): void => {
        if (!holds()) return;
        watchers.delete(watcher);
        resolve();
      };
      watchers.add(watcher);
      watcher();
    });
  const logged = (id: string): string[] =>
    lines.filter((one) => one.id === id).map(({ line }) => `${line.level}: ${line.text}`);
  return {
    pool,
    root,
    ends,
    logged,
    untilEnds: (count) => until(() => ends.length >= count),
    untilHosts: (count) => until(() => ready.size >= count),
    logs: (id, text) => until(() => logged(id).some((line) => line.includes(text))),
    async run(name, request = {}) {
      const full = aRequest(name, request);
      pool.start(full);
      const isIt = (end: RunEnd): boolean => end.id === full.id && end.attempt === full.attempt;
      await until(() => ends.some(isIt));
      return ends.find(isIt) as RunEnd;
    },
    async [Symbol.asyncDispose]() {
      await pool.close(2000);
      await rm(root, { recursive: true, force: true });
    },
  };
}

let lastNumber = 0;

export function aRequest(name: string, request: Partial<RunRequest> = {}): RunRequest {
  lastNumber += 1;
  return {
    id: `${name}@manual-${lastNumber}`,
    attempt: 1,
    service: name,
    cid: `cid-${lastNumber}`,
    channel: 'scheduler',
    timeoutMs: 20_000,
    graceMs: 100,
    ...request,
  };
}

export function mapStore(): KeyValueStore {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => values.delete(key),
    keys: async (prefix, limit) =>
      [...values.keys()]
        .filter((key) => key.startsWith(prefix))
        .sort()
        .slice(0, limit),
    increment: async (key, by) => {
      const sum = Number(values.get(key) ?? 0) + by;
      values.set(key, String(sum));
      return sum;
    },
  };
}

export function definitions({ services, declared = {} }: TestProject) {
  const place = { file: 'jobs.yaml', line: 1, column: 1, endColumn: 2 };
  const names = Object.keys(services);
  return new Map<string, ServiceDefinition>(
    names.map((name) => [
      name,
      { name, module: `${name}.ts`, export: 'default', place, ...declared[name] },
    ]),
  );
}

export async function makeProject({ services, files = {} }: TestProject): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'jobsd-host-'));
  await writeFile(
    join(root, 'package.json'),
    JSON.stringify({ type: 'module' } satisfies JsonValue),
  );
  await mkdir(join(root, 'node_modules'));
  await symlink(repository, join(root, 'node_modules', 'jobsd'));
  for (const [name, source] of Object.entries(services)) {
    await writeFile(join(root, `${name}.ts`), source);
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}
