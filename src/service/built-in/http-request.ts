import { endpointOf } from '../../endpoint/endpoint-views.ts';
import type { RestClient, RestMethod, RestOptions } from '../../endpoint/rest-client.ts';
import { restClient } from '../../endpoint/rest-endpoint.ts';
import type { BuiltInCall, BuiltInResult } from './built-in.ts';
import {
  invalidInput,
  optionalText,
  optionalTexts,
  readInput,
  requiredText,
} from './read-input.ts';

const inputKeys = ['endpoint', 'url', 'method', 'path', 'params', 'headers', 'body'] as const;
type Input = Partial<Record<(typeof inputKeys)[number], unknown>>;

const senders: Record<RestMethod, keyof RestClient> = {
  GET: 'get',
  HEAD: 'head',
  POST: 'post',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** `jobsd.http-request`: one request to an endpoint or a URL. Gives `{status, body}`. */
export async function httpRequest(call: BuiltInCall): Promise<BuiltInResult> {
  const input = readInput(call.payload, inputKeys);
  const method = methodOf(input);
  const client = clientFor(input, call);
  const response = await client[senders[method]](
    optionalText(input.path, 'path') ?? '',
    optionsOf(input),
  );
  return { value: { status: response.status, body: bodyOf(response.text()) } };
}

function clientFor(input: Input, call: BuiltInCall): RestClient {
  const name = optionalText(input.endpoint, 'endpoint');
  if ((name === undefined) === (input.url === undefined)) {
    throw invalidInput('Give either "endpoint" or "url".');
  }
  if (name !== undefined) {
    return restClient(name, endpointOf(call.endpoints, 'rest', name), call.endpointCall());
  }
  const url = requiredText(input.url, 'url');
  return restClient(url, { type: 'rest', settings: { url } }, call.endpointCall());
}

function methodOf(input: Input): RestMethod {
  const method = (optionalText(input.method, 'method') ?? 'GET').toUpperCase();
  if (Object.hasOwn(senders, method)) return method as RestMethod;
  throw invalidInput(`"method" must be one of ${Object.keys(senders).join(', ')}.`);
}

function optionsOf(input: Input): RestOptions {
  const headers = optionalTexts(input.headers, 'headers');
  const params = optionalTexts(input.params, 'params');
  const { body } = input;
  return {
    ...(headers && { headers }),
    ...(params && { params }),
    ...(typeof body === 'string' ? { body } : body !== undefined && { json: body }),
  };
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
