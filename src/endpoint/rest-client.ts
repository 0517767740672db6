import type { RestResponse } from './rest-response.ts';
import type { QueryParams } from './rest-url.ts';

export interface RestOptions {
  /** Query parameters. */
  readonly params?: QueryParams;
  readonly headers?: Readonly<Record<string, string>>;
  /** Correlation id to send as `X-Correlation-ID`; default: the run's. */
  readonly cid?: string;
  /** Sent as JSON. At most one of `json` and `body`. */
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  /** For the whole request, in milliseconds; default: the endpoint's. */
  readonly timeoutMs?: number;
  /** `false`: an answer outside 200 … 299 is given instead of thrown as JOBSD_ENDPOINT_FAILED. */
  readonly throwOnError?: boolean;
}

export type RestMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type SendRest = (
  method: RestMethod,
  path: string,
  options: RestOptions,
) => Promise<RestResponse>;

/** A request under way: await it for the response, or one of its methods for the body alone. */
export class RestRequest implements PromiseLike<RestResponse> {
  readonly #response: Promise<RestResponse>;

  constructor(response: Promise<RestResponse>) {
    this.#response = response;
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is what this class is for.
  then<Value = RestResponse, Otherwise = never>(
    onResponse?: ((response: RestResponse) => Value | PromiseLike<Value>) | null,
    onError?: ((error: unknown) => Otherwise | PromiseLike<Otherwise>) | null,
  ): Promise<Value | Otherwise> {
    return this.#response.then(onResponse, onError);
  }

  text(): Promise<string> {
    return this.#response.then((response) => response.text());
  }

  json(): Promise<unknown> {
    return this.#response.then((response) => response.json());
  }

  bytes(): Promise<Uint8Array> {
    return this.#response.then((response) => response.bytes());
  }
}

/** One REST endpoint as a service sees it. Paths are relative to the endpoint's `url`. */
export class RestClient {
  readonly #send: SendRest;

  constructor(send: SendRest) {
    this.#send = send;
  }

  get(path: string, options: RestOptions = {}): RestRequest {
    return new RestRequest(this.#send('GET', path, options));
  }
  head(path: string, options: RestOptions = {}): RestRequest {
    return new RestRequest(this.#send('HEAD', path, options));
  }
  post(path: string, options: RestOptions = {}): RestRequest {
    return new RestRequest(this.#send('POST', path, options));
  }
  put(path: string, options: RestOptions = {}): RestRequest {
    return new RestRequest(this.#send('PUT', path, options));
  }
  patch(path: string, options: RestOptions = {}): RestRequest {
    return new RestRequest(this.#send('PATCH', path, options));
  }
  delete(path: string, options: RestOptions = {}): RestRequest {
    return new RestRequest(this.#send('DELETE', path, options));
  }
}
