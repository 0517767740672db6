import { setMaxListeners } from 'node:events';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Control } from '../daemon/control.ts';
import { JobsdError } from '../errors.ts';
import { statusOf, toApiError } from './api-error.ts';
import { bodyLimitBytes } from './api-limits.ts';
import { addControlRoutes } from './control-routes.ts';
import { listenOnSocket } from './listen-on-socket.ts';
import { addMetricsRoute, type MetricsPage } from './metrics-route.ts';

// Names have at most 128 characters and ids a little more, each at most 12 bytes when encoded.
const longestParameter = 4096;
const closeTimeoutMs = 2_000;

export interface ControlServer {
  /** Answers long polls with what is known, then stops listening and removes the socket. */
  close(): Promise<void>;
}

/**
 * Opens the daemon's control door: `control` as an HTTP/JSON API on a Unix socket of mode 0600.
 * Rejects with JOBSD_BACKEND_LOCKED when another daemon answers on the socket, and with
 * JOBSD_BACKEND_UNWRITABLE when it cannot be made.
 */
export async function openControlServer(options: {
  readonly socketPath: string;
  readonly control: Control;
  /** The text of `GET /metrics`. */
  readonly metrics?: () => Promise<MetricsPage>;
}): Promise<ControlServer> {
  const closing = new AbortController();
  // Each long poll listens to it, and there may be many.
  setMaxListeners(0, closing.signal);
  const app = createApp();
  addControlRoutes(app, options.control, closing.signal);
  if (options.metrics) addMetricsRoute(app, options.metrics);
  await app.ready();
  await listenOnSocket(app.server, options.socketPath);
  return {
    async close() {
      closing.abort();
      const cutOff = setTimeout(() => app.server.closeAllConnections(), closeTimeoutMs);
      await app.close();
      clearTimeout(cutOff);
    },
  };
}

function createApp(): FastifyInstance {
  const app = Fastify({
    bodyLimit: bodyLimitBytes,
    routerOptions: { maxParamLength: longestParameter },
    // A misspelt field has to be refused, not dropped in silence.
    ajv: { customOptions: { removeAdditional: false } },
    // Errors of the router itself (a path that cannot be decoded) get the same body as all others.
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      const refusal = new JobsdError('JOBSD_INPUT_INVALID', error.message);
      void reply.code(statusOf(refusal)).send(toApiError(refusal));
    },
  });
  app.setErrorHandler((error, _request, reply) => {
    const status = requestStatus(error);
    const known = error instanceof JobsdError ? error : toJobsdError(error, status);
    return reply.code(status ?? statusOf(known)).send(toApiError(known));
  });
  app.setNotFoundHandler((request, reply) => {
    const unknown = new JobsdError('JOBSD_INPUT_INVALID', `No ${request.method} ${request.url}.`);
    return reply.code(404).send(toApiError(unknown));
  });
  return app;
}

/** The status that fastify gives to a request it refuses itself: too large, not JSON, invalid. */
function requestStatus(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

function toJobsdError(error: unknown, status: number | undefined): JobsdError {
  const text = error instanceof Error ? error.message : String(error);
  const code = status === undefined ? 'JOBSD_INTERNAL' : 'JOBSD_INPUT_INVALID';
  return new JobsdError(code, text, { cause: error });
}
