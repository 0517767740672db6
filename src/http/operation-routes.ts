import type { FastifyInstance } from 'fastify';
import type { BackfillStep, Control } from '../daemon/control.ts';
import { toRunView } from './run-view.ts';

const text = { type: 'string', maxLength: 1000 };
const actor = { type: 'string', maxLength: 200 };

const body = (properties: Record<string, unknown>, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties: { ...properties, actor },
  required,
});

type ById<Body> = { Params: { id: string }; Body: Body };
type ByTarget<Body> = { Params: { target: string }; Body: Body };
type ByJob<Body> = { Params: { job: string }; Body: Body };

/** What operators do to runs and jobs: cancel, retry, pause, resume, backfill; and ask why. */
export function addOperationRoutes(app: FastifyInstance, control: Control): void {
  addRunOperations(app, control);
  addPauseOperations(app, control);
  addBackfillOperations(app, control);
  app.get<{ Params: { job: string }; Querystring: { at: string } }>(
    '/v1/jobs/:job/why',
    { schema: { querystring: { type: 'object', properties: { at: text }, required: ['at'] } } },
    async (request) => {
      const { run, ...view } = await control.why(request.params.job, request.query.at);
      return run === undefined ? view : { ...view, run: toRunView(run) };
    },
  );
}

function addRunOperations(app: FastifyInstance, control: Control): void {
  app.post<ById<{ actor?: string; reason?: string }>>(
    '/v1/runs/:id/cancel',
    { schema: { body: body({ reason: text }) } },
    async (request) => toRunView(await control.cancel(request.params.id, request.body)),
  );
  app.post<ById<{ actor?: string }>>(
    '/v1/runs/:id/retry',
    { schema: { body: body({}) } },
    async (request) => toRunView(await control.retry(request.params.id, request.body)),
  );
}

function addPauseOperations(app: FastifyInstance, control: Control): void {
  app.get('/v1/pauses', async () => ({ pauses: await control.pauses() }));
  app.post<ByTarget<{ actor?: string; reason?: string; until?: string }>>(
    '/v1/pauses/:target',
    { schema: { body: body({ reason: text, until: text }) } },
    (request) => control.pause(request.params.target, request.body),
  );
  app.post<ByTarget<{ actor?: string }>>(
    '/v1/pauses/:target/resume',
    { schema: { body: body({}) } },
    async (request) => {
      await control.resume(request.params.target, request.body);
      return {};
    },
  );
}

interface BackfillRange {
  readonly from: string;
  readonly to: string;
  readonly force?: boolean;
  readonly limit?: number;
}

function addBackfillOperations(app: FastifyInstance, control: Control): void {
  const force = { type: 'boolean' };
  const limit = { type: 'integer', minimum: 1 };
  app.get<{ Params: { job: string }; Querystring: BackfillRange }>(
    '/v1/jobs/:job/backfill',
    { schema: { querystring: body({ from: text, to: text, force, limit }, ['from', 'to']) } },
    async (request): Promise<{ steps: readonly BackfillStep[] }> => ({
      steps: await control.planBackfill(request.params.job, request.query),
    }),
  );
  app.post<ByJob<{ nominal: string; force?: boolean; actor?: string }>>(
    '/v1/jobs/:job/backfill',
    { schema: { body: body({ nominal: text, force }, ['nominal']) } },
    async (request, reply) => {
      const run = await control.backfill(request.params.job, request.body);
      return reply.code(201).send(toRunView(run));
    },
  );
}
