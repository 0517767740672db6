import { resolve } from 'node:path';
import type { Backend, Change } from '../backend/backend.ts';
import { openSqliteBackend } from '../backend/sqlite/open-sqlite-backend.ts';
import type { Clock } from '../clock/clock.ts';
import { isBuiltInService } from '../config/built-in-services.ts';
import type { Finding } from '../config/finding.ts';
import type { JsonValue } from '../config/snapshot.ts';
import type { LogLine, RunId, RunRecord } from '../dispatch/run.ts';
import type { Redactor } from '../telemetry/redactor.ts';
import { closeEngine } from './close-engine.ts';
import { Engine } from './engine.ts';
import { createExecutors } from './executors.ts';
import { loadProject, type Project, type ProjectLocation } from './load-project.ts';
import { secretFreeLedger, withoutSecrets } from './secret-free-ledger.ts';

export interface StandaloneOptions {
  readonly location: ProjectLocation;
  readonly clock: Clock;
  readonly random: () => number;
  readonly redactor: Redactor;
  readonly wish: {
    readonly kind: 'job' | 'service';
    readonly name: string;
    readonly payload?: JsonValue;
    readonly actor: string;
  };
  /** Cancels the run. */
  readonly signal: AbortSignal;
  readonly onLine: (line: LogLine) => void;
}

export type StandaloneResult =
  | { readonly ok: true; readonly run: RunRecord }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Carries out one run without a daemon, in the project's own ledger, retries and reactions included.
 * Rejects with JOBSD_BACKEND_LOCKED when a daemon holds the ledger after all.
 */
export async function runStandalone(options: StandaloneOptions): Promise<StandaloneResult> {
  const { location, clock } = options;
  const loaded = await loadProject(location, clock.now());
  if (!loaded.ok) return loaded;
  const { project } = loaded;
  options.redactor.add(project.secrets);
  const path = resolve(location.root, project.snapshot.daemon.statePath);
  const { redact } = options.redactor;
  const backend = secretFreeLedger(await openSqliteBackend({ path, clock }), redact);
  try {
    const run = await runInLedger(options, project, backend);
    return { ok: true, run: withoutSecrets(run, redact) };
  } finally {
    await backend.close();
  }
}

async function runInLedger(
  options: StandaloneOptions,
  project: Project,
  backend: Awaited<ReturnType<typeof openSqliteBackend>>,
): Promise<RunRecord> {
  const { clock, random, redactor, wish } = options;
  let wished: RunId | undefined;
  const executors = createExecutors({
    root: options.location.root,
    clock,
    backend,
    redact: redactor.redact,
    engine: () => engine,
    onLogged: (id, lines) => {
      if (wished === undefined || id === wished) for (const line of lines) options.onLine(line);
    },
  });
  const trouble = Promise.withResolvers<never>();
  const engine: Engine = new Engine(project.snapshot, {
    clock,
    random,
    backend,
    executor: executors.executor,
    isBuiltIn: isBuiltInService,
    ...(project.commit === undefined ? {} : { commit: project.commit }),
    events: {
      started() {},
      ended() {},
      retrying() {},
      recovered() {},
      // Nobody waits here for a disk to get room again, as a daemon does.
      troubled: trouble.reject,
    },
  });
  try {
    await executors.use(project);
    await restoreFailing(engine, backend);
    const { name, kind, ...asked } = wish;
    const request = { trigger: 'manual', ...asked } as const;
    const started = kind === 'job' ? engine.runJob(name, request) : engine.invoke(name, request);
    wished = (await Promise.race([started, trouble.promise])).id;
    return await Promise.race([ended(engine, wished, options.signal), trouble.promise]);
  } finally {
    await closeEngine(engine, clock);
  }
}

/** Its success may be the recovery that a job's `on` waits for. */
async function restoreFailing({ reactions, journal }: Engine, backend: Backend): Promise<void> {
  const changes: Change[] = [];
  await reactions.failing.restore(backend, changes);
  if (changes.length > 0) journal.write(changes);
}

async function ended(engine: Engine, id: RunId, signal: AbortSignal): Promise<RunRecord> {
  const cancel = () => engine.dispatcher.cancel(id, 'interrupted');
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  try {
    return await engine.waitForEnd(id, longestWaitMs);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

// The run has a timeout of its own; this only keeps a timer within what timers can hold.
const longestWaitMs = 2 ** 31 - 1;
