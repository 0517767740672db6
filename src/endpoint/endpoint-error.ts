import { JobsdError } from '../errors.ts';

/** JOBSD_ENDPOINT_FAILED with what the other side said. */
export class EndpointError extends JobsdError {
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** How long the other side asked us to wait before another try, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    detail: string,
    options: { status?: number; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super('JOBSD_ENDPOINT_FAILED', detail, { cause: options.cause });
    this.name = 'EndpointError';
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}
