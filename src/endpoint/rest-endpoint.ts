import { JobsdError } from '../errors.ts';
import { beginningOf } from './beginning-of.ts';
import type { EndpointCall } from './endpoint-call.ts';
import { EndpointError } from './endpoint-error.ts';
import type { ResolvedEndpoint } from './endpoint-settings.ts';
import { exchangeHttp, type HttpRequest } from './exchange-http.ts';
import { RestClient, type RestMethod, type RestOptions } from './rest-client.ts';
import type { RestResponse } from './rest-response.ts';
import { type RestSettings, restSettings } from './rest-settings.ts';
import { restUrl } from './rest-url.ts';
import { retryAfterMs } from './retry-after.ts';

/** The client of a `rest` endpoint for one run. Throws JOBSD_CONFIG_INVALID. */
export function restClient(
  name: string,
  endpoint: ResolvedEndpoint,
  call: EndpointCall,
): RestClient {
  const settings = restSettings(endpoint);
  return new RestClient((method, path, options) =>
    send(name, settings, call, method, path, options),
  );
}

async function send(
  name: string,
  settings: RestSettings,
  call: EndpointCall,
  method: RestMethod,
  path: string,
  options: RestOptions,
): Promise<RestResponse> {
  const request: HttpRequest = {
    method,
    url: restUrl(settings.url, path, options.params),
    ...headersAndBody(settings, call, method, options),
    timeoutMs: options.timeoutMs ?? settings.timeoutMs,
    maxResponseBytes: settings.maxResponseBytes,
    signal: call.signal,
  };
  const response = await exchangeHttp(name, request);
  if (response.ok || options.throwOnError === false) return response;
  throw refusal(name, request, response);
}

function headersAndBody(
  settings: RestSettings,
  call: EndpointCall,
  method: RestMethod,
  options: RestOptions,
): { headers: Record<string, string>; body?: string | Uint8Array } {
  const headers: Record<string, string> = {
    'user-agent': 'jobsd',
    'idempotency-key': headerText(keyFor(call, method)),
    'x-correlation-id': headerText(options.cid ?? call.cid),
    ...settings.headers,
  };
  for (const [key, value] of Object.entries(options.headers ?? {})) {
    headers[key.toLowerCase()] = value;
  }
  if (options.json === undefined) return { headers, ...(options.body && { body: options.body }) };
  if (options.body !== undefined) {
    throw new JobsdError('JOBSD_INPUT_INVALID', 'A request has "json" or "body", not both.');
  }
  headers['content-type'] ??= 'application/json';
  return { headers, body: JSON.stringify(options.json) };
}

/** Only what changes something is an effect of its own; reading leaves the count alone. */
function keyFor(call: EndpointCall, method: RestMethod): string {
  return method === 'GET' || method === 'HEAD' ? call.nextKey('read') : call.nextKey('rest');
}

/** Header values hold visible ASCII only; anything else in a name of a job is percent-encoded. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, encodeURIComponent);
}

function refusal(name: string, request: HttpRequest, response: RestResponse): EndpointError {
  const wait = retryAfterMs(response.headers['retry-after'], Date.now());
  const isBusy = response.status === 429 || response.status === 503;
  const said = beginningOf(response.text(), 300);
  const detail = `REST endpoint "${name}" answered ${response.status} to ${request.method} ${request.url.pathname}${said && `: ${said}`}`;
  return new EndpointError(detail, {
    status: response.status,
    ...(isBusy && wait !== undefined && { retryAfterMs: wait }),
  });
}
