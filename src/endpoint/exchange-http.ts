import type { Dispatcher } from 'undici';
import { EndpointError } from './endpoint-error.ts';
import type { RestMethod } from './rest-client.ts';
import { RestResponse } from './rest-response.ts';

export interface HttpRequest {
  readonly method: RestMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly signal: AbortSignal;
}

const maxRedirects = 5;

/**
 * One request and its whole answer. GET and HEAD follow redirects within the same origin; one to
 * another origin is given as it is, because the endpoint's credentials must not go there.
 * Rejects with JOBSD_ENDPOINT_FAILED, or with the signal's reason when the run was ended.
 */
export async function exchangeHttp(name: string, request: HttpRequest): Promise<RestResponse> {
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const signal = AbortSignal.any([request.signal, timeout]);
  let url = request.url;
  try {
    for (let followed = 0; ; followed += 1) {
      const response = await exchangeOnce(name, { ...request, url }, signal);
      const next = followed < maxRedirects ? redirectTarget(request, url, response) : undefined;
      if (next === undefined) return response;
      url = next;
    }
  } catch (error) {
    if (error instanceof EndpointError) throw error;
    if (request.signal.aborted) throw request.signal.reason;
    throw failure(name, request, timeout.aborted, error);
  }
}

async function exchangeOnce(
  name: string,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<RestResponse> {
  // Loaded at the first request: most runs of most services make none.
  const undici = await import('undici');
  sharedAgent ??= new undici.Agent({ keepAliveTimeout: 10_000 });
  const answer = await sharedAgent.request({
    origin: request.url.origin,
    path: request.url.pathname + request.url.search,
    method: request.method,
    headers: request.headers,
    body: request.body ?? null,
    headersTimeout: 0,
    bodyTimeout: 0,
    signal,
  });
  const body = await readBounded(name, request, answer.body);
  return new RestResponse(answer.statusCode, flatHeaders(answer.headers), body);
}

let sharedAgent: Dispatcher | undefined;

async function readBounded(
  name: string,
  request: HttpRequest,
  body: AsyncIterable<Uint8Array>,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > request.maxResponseBytes) {
      const detail = `REST endpoint "${name}" sent more than ${request.maxResponseBytes} bytes ("maxResponseBytes").`;
      throw new EndpointError(detail);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function flatHeaders(
  headers: Record<string, string | string[] | undefined>,
): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function redirectTarget(request: HttpRequest, from: URL, response: RestResponse): URL | undefined {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  const location = response.headers.location;
  if (!redirectStatuses.has(response.status) || location === undefined) return undefined;
  const target = URL.parse(location, from);
  return target !== null && target.origin === from.origin ? target : undefined;
}

function failure(
  name: string,
  request: HttpRequest,
  isTimeout: boolean,
  cause: unknown,
): EndpointError {
  const what = `${request.method} ${request.url.origin}${request.url.pathname}`;
  const why = isTimeout ? `no answer within ${request.timeoutMs} ms` : reasonOf(cause);
  return new EndpointError(`REST endpoint "${name}", ${what}: ${why}.`, { cause });
}

function reasonOf(cause: unknown): string {
  // A failed connection to a name with several addresses holds the reasons inside.
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) {
    return cause.errors[0].message;
  }
  return cause instanceof Error ? cause.message : String(cause);
}
