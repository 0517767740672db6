import type { FastifyInstance } from 'fastify';
import type { JsonValue } from '../config/snapshot.ts';
import type { Control, StartOptions } from '../daemon/control.ts';
import { type RunState, runStates } from '../dispatch/run.ts';
import { JobsdError } from '../errors.ts';
import { longestPollMs } from './api-limits.ts';
import { addOperationRoutes } from './operation-routes.ts';
import { toRunView } from './run-view.ts';

const actor = { type: 'string', maxLength: 200 };
const trigger = { enum: ['manual', 'api'] };

/** Carries each method of `control` as a route. `closing` ends the long polls. */
export function addControlRoutes(
  app: FastifyInstance,
  control: Control,
  closing: AbortSignal,
): void {
  app.get('/v1/status', () => control.status());
  app.get('/v1/jobs', async () => ({ jobs: await control.jobs() }));
  app.post('/v1/reload', () => control.reload());
  addRunRoutes(app, control, closing);
  addStartRoutes(app, control);
  addKeyValueRoutes(app, control);
  addOperationRoutes(app, control);
}

interface RunsQuerystring {
  readonly job?: string;
  readonly state?: string;
  readonly limit: number;
  readonly after?: string;
}

const runsQuerystring = {
  type: 'object',
  additionalProperties: false,
  properties: {
    job: { type: 'string' },
    state: { type: 'string', description: 'One or several states, separated by commas.' },
    limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
    after: { type: 'string' },
  },
};

const logsQuerystring = {
  type: 'object',
  additionalProperties: false,
  properties: { from: { type: 'integer', minimum: 0, default: 0 } },
};

const endQuerystring = {
  type: 'object',
  additionalProperties: false,
  properties: { timeout: { type: 'integer', minimum: 0, maximum: longestPollMs, default: 0 } },
};

function addRunRoutes(app: FastifyInstance, control: Control, closing: AbortSignal): void {
  app.get<{ Querystring: RunsQuerystring }>(
    '/v1/runs',
    { schema: { querystring: runsQuerystring } },
    async (request) => {
      const { state, ...query } = request.query;
      const states = state === undefined ? undefined : readStates(state);
      const page = await control.runs({ ...query, ...(states && { states }) });
      return { ...page, runs: page.runs.map(toRunView) };
    },
  );
  app.get<{ Params: { id: string } }>('/v1/runs/:id', async (request) =>
    toRunView(await control.run(request.params.id)),
  );
  app.get<{ Params: { id: string }; Querystring: { from: number } }>(
    '/v1/runs/:id/logs',
    { schema: { querystring: logsQuerystring } },
    async (request) => ({ lines: await control.logs(request.params.id, request.query.from) }),
  );
  app.get<{ Params: { id: string }; Querystring: { timeout: number } }>(
    '/v1/runs/:id/end',
    { schema: { querystring: endQuerystring } },
    async (request) => {
      const { id } = request.params;
      const ended = control.waitForEnd(id, request.query.timeout);
      return toRunView(await untilClosing(closing, ended, () => control.run(id)));
    },
  );
}

function readStates(text: string): readonly RunState[] {
  return text.split(',').map((state) => {
    const known = runStates.find((each) => each === state);
    if (known !== undefined) return known;
    throw new JobsdError(
      'JOBSD_INPUT_INVALID',
      `"${state}" is not a state. The states are ${runStates.join(', ')}.`,
    );
  });
}

/** What `work` gives, or `answer` as soon as the door closes. */
async function untilClosing<T>(
  closing: AbortSignal,
  work: Promise<T>,
  answer: () => Promise<T>,
): Promise<T> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  if (closing.aborted) resolve();
  else closing.addEventListener('abort', onAbort);
  try {
    return await Promise.race([work, closed.then(answer)]);
  } finally {
    closing.removeEventListener('abort', onAbort);
  }
}

const runJobBody = {
  type: 'object',
  additionalProperties: false,
  properties: { extra: {}, actor, trigger },
};

const invokeBody = {
  type: 'object',
  additionalProperties: false,
  properties: { payload: {}, actor, trigger },
};

function addStartRoutes(app: FastifyInstance, control: Control): void {
  app.post<{ Params: { job: string }; Body: StartOptions & { extra?: JsonValue } }>(
    '/v1/jobs/:job/runs',
    { schema: { body: runJobBody } },
    async (request, reply) => {
      const run = await control.runJob(request.params.job, request.body);
      return reply.code(201).send(toRunView(run));
    },
  );
  app.post<{ Params: { service: string }; Body: StartOptions & { payload?: JsonValue } }>(
    '/v1/services/:service/runs',
    { schema: { body: invokeBody } },
    async (request, reply) => {
      const run = await control.invoke(request.params.service, request.body);
      return reply.code(201).send(toRunView(run));
    },
  );
}

const keysQuerystring = {
  type: 'object',
  additionalProperties: false,
  properties: {
    prefix: { type: 'string', default: '' },
    limit: { type: 'integer', minimum: 1, maximum: 1000, default: 1000 },
  },
};

function addKeyValueRoutes(app: FastifyInstance, control: Control): void {
  app.get<{ Querystring: { prefix: string; limit: number } }>(
    '/v1/kv',
    { schema: { querystring: keysQuerystring } },
    async (request) => ({
      keys: await control.keys(request.query.prefix, request.query.limit),
    }),
  );
  app.get<{ Params: { key: string } }>('/v1/kv/:key', async (request) => {
    const { key } = request.params;
    // Absent is an answer, not an error: `null` never is a value, values are texts.
    return { key, value: (await control.keyValue(key)) ?? null };
  });
}
