import { beginningOf } from './beginning-of.ts';
import { EndpointError } from './endpoint-error.ts';

/** An answer, read whole. */
export class RestResponse {
  readonly status: number;
  /** Whether the status is 200 … 299. */
  readonly ok: boolean;
  /** Names in lower case; several values of one name joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #body: Uint8Array;

  constructor(status: number, headers: Readonly<Record<string, string>>, body: Uint8Array) {
    this.status = status;
    this.ok = status >= 200 && status <= 299;
    this.headers = headers;
    this.#body = body;
  }

  bytes(): Uint8Array {
    return this.#body;
  }

  /** The body as UTF-8, a byte order mark removed. */
  text(): string {
    return new TextDecoder().decode(this.#body);
  }

  /** Throws JOBSD_ENDPOINT_FAILED when the body is not JSON. */
  json(): unknown {
    const text = this.text();
    try {
      return JSON.parse(text);
    } catch (cause) {
      const detail = `The answer is not JSON; it begins with ${JSON.stringify(beginningOf(text, 80))}.`;
      throw new EndpointError(detail, { status: this.status, cause });
    }
  }
}
