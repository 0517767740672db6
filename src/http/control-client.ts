import { request } from 'node:http';
import type { RunPage, RunQuery } from '../backend/backend.ts';
import type { BackfillStep, Control, PauseView, WhyView } from '../daemon/control.ts';
import type { LogLine, RunRecord } from '../dispatch/run.ts';
import { unfinishedStates } from '../dispatch/run.ts';
import { JobsdError } from '../errors.ts';
import { fromApiError } from './api-error.ts';
import { bodyLimitBytes, longestPollMs } from './api-limits.ts';
import { refuseForeignDirectory } from './private-directory.ts';
import { fromRunView, type RunView } from './run-view.ts';

const answerTimeoutMs = 30_000;
/** Reading and checking many thousand files takes its time. */
const reloadTimeoutMs = 300_000;

/**
 * The daemon behind a control socket. Connects anew for each question; `signal` breaks off those
 * under way. Each method rejects with JOBSD_DAEMON_UNREACHABLE when nobody answers, else with what
 * the daemon's own `Control` rejected with.
 */
export function connectControl(socketPath: string, signal?: AbortSignal): Control {
  const ask = <T>(question: Question): Promise<T> => exchange<T>({ socketPath, signal }, question);
  const askRun = async (question: Question): Promise<RunRecord> =>
    fromRunView(await ask<RunView>(question));
  return {
    status: () => ask({ path: ['status'] }),
    jobs: async () =>
      (await ask<{ jobs: Awaited<ReturnType<Control['jobs']>> }>({ path: ['jobs'] })).jobs,
    runs: async (query) => readPage(await ask(runsQuestion(query))),
    run: (id) => askRun({ path: ['runs', id] }),
    async logs(id, from) {
      return (await ask<{ lines: LogLine[] }>({ path: ['runs', id, 'logs'], query: { from } }))
        .lines;
    },
    runJob: (job, body) => askRun({ method: 'POST', path: ['jobs', job, 'runs'], body }),
    invoke: (service, body) =>
      askRun({ method: 'POST', path: ['services', service, 'runs'], body }),
    waitForEnd: (id, timeoutMs) => pollForEnd(askRun, id, timeoutMs),
    ...operations(ask, askRun),
    reload: () => ask({ method: 'POST', path: ['reload'], timeoutMs: reloadTimeoutMs }),
    async keyValue(key) {
      const { value } = await ask<{ value: string | null }>({ path: ['kv', key] });
      return value ?? undefined;
    },
    keys: async (prefix, limit) =>
      (await ask<{ keys: string[] }>({ path: ['kv'], query: { prefix, limit } })).keys,
  };
}

type Ask = <T>(question: Question) => Promise<T>;
type AskRun = (question: Question) => Promise<RunRecord>;
type Operation =
  | 'cancel'
  | 'retry'
  | 'pause'
  | 'resume'
  | 'pauses'
  | 'planBackfill'
  | 'backfill'
  | 'why';

/** What operators do to runs and jobs. */
function operations(ask: Ask, askRun: AskRun): Pick<Control, Operation> {
  return {
    cancel: (id, body) => askRun({ method: 'POST', path: ['runs', id, 'cancel'], body }),
    retry: (id, body) => askRun({ method: 'POST', path: ['runs', id, 'retry'], body }),
    pause: (target, body) => ask({ method: 'POST', path: ['pauses', target], body }),
    async resume(target, body) {
      await ask({ method: 'POST', path: ['pauses', target, 'resume'], body });
    },
    pauses: async () => (await ask<{ pauses: PauseView[] }>({ path: ['pauses'] })).pauses,
    async planBackfill(job, range) {
      const path = ['jobs', job, 'backfill'];
      return (await ask<{ steps: BackfillStep[] }>({ path, query: { ...range } })).steps;
    },
    backfill: (job, body) => askRun({ method: 'POST', path: ['jobs', job, 'backfill'], body }),
    async why(job, at) {
      const answer = await ask<Omit<WhyView, 'run'> & { run?: RunView }>({
        path: ['jobs', job, 'why'],
        query: { at },
      });
      const { run, ...view } = answer;
      return run === undefined ? view : { ...view, run: fromRunView(run) };
    },
  };
}

interface Question {
  readonly method?: 'GET' | 'POST';
  /** Segments after `/v1`, not yet encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

interface Door {
  readonly socketPath: string;
  readonly signal?: AbortSignal | undefined;
}

function runsQuestion({ job, states, limit, after }: RunQuery): Question {
  return { path: ['runs'], query: { job, state: states?.join(','), limit, after } };
}

function readPage(page: { runs: RunView[]; next?: string }): RunPage {
  return { ...page, runs: page.runs.map(fromRunView) };
}

async function pollForEnd(
  askRun: (question: Question) => Promise<RunRecord>,
  id: string,
  timeoutMs: number,
): Promise<RunRecord> {
  const deadline = performance.now() + timeoutMs;
  while (true) {
    const leftMs = Math.max(0, Math.ceil(deadline - performance.now()));
    const timeout = Math.min(leftMs, longestPollMs);
    const run = await askRun({
      path: ['runs', id, 'end'],
      query: { timeout },
      timeoutMs: timeout + answerTimeoutMs,
    });
    const isUnfinished = unfinishedStates.some((state) => state === run.state);
    if (!isUnfinished || leftMs <= longestPollMs) return run;
  }
}

async function exchange<T>(door: Door, question: Question): Promise<T> {
  refuseForeignDirectory(door.socketPath);
  const { status, text } = await send(door, question);
  const body = parseBody(text);
  if (status >= 200 && status < 300 && body !== undefined) return body as T;
  throw (
    fromApiError(body) ??
    new JobsdError(
      'JOBSD_DAEMON_UNREACHABLE',
      `What answers there is not a daemon (HTTP ${status}).`,
    )
  );
}

async function send(door: Door, question: Question): Promise<{ status: number; text: string }> {
  const { method = 'GET', body, timeoutMs = answerTimeoutMs } = question;
  const payload = body === undefined ? undefined : JSON.stringify(body);
  refuseOversize(payload);
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(unreachable(door, error));
    const outgoing = request(
      {
        socketPath: door.socketPath,
        method,
        path: pathOf(question),
        agent: false,
        timeout: timeoutMs,
        signal: door.signal,
        headers: payload === undefined ? {} : { 'content-type': 'application/json' },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', refuse);
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    outgoing.on('error', refuse);
    outgoing.on('timeout', () => outgoing.destroy(new Error(`No answer within ${timeoutMs} ms.`)));
    outgoing.end(payload);
  });
}

/** Asked here too: a door that hangs up in the middle of a body looks like a dead daemon. */
function refuseOversize(payload: string | undefined): void {
  if (payload === undefined || Buffer.byteLength(payload) <= bodyLimitBytes) return;
  throw new JobsdError(
    'JOBSD_INPUT_INVALID',
    `It has more than ${bodyLimitBytes / 1024 / 1024} MiB. Put the bulk in a file or an endpoint and pass its address.`,
  );
}

function pathOf({ path, query = {} }: Question): string {
  const parameters = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  const suffix = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  return `/v1/${path.map(encodeURIComponent).join('/')}${suffix}`;
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An abort stays what it is: whoever gave the signal knows why. */
function unreachable(door: Door, error: Error): Error {
  if (door.signal?.aborted) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const isDown = code === 'ENOENT' || code === 'ECONNREFUSED';
  const detail = isDown
    ? `Nobody listens on ${door.socketPath}.`
    : `${door.socketPath}: ${error.message}`;
  return new JobsdError('JOBSD_DAEMON_UNREACHABLE', detail, { cause: error });
}
