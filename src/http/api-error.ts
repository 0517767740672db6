import { type ErrorCode, errorMessages, JobsdError } from '../errors.ts';

/** The body of every answer that is not a success. */
export interface ApiError {
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

const statuses: Partial<Record<ErrorCode, number>> = {
  JOBSD_CONFIG_INVALID: 422,
  JOBSD_DAEMON_STOPPING: 503,
  JOBSD_BACKEND_LOCKED: 503,
  JOBSD_BACKEND_UNWRITABLE: 503,
  JOBSD_INPUT_INVALID: 400,
  JOBSD_USAGE: 400,
  JOBSD_JOB_NOT_FOUND: 404,
  JOBSD_RUN_NOT_FOUND: 404,
  JOBSD_GROUP_NOT_FOUND: 404,
  JOBSD_RUN_ENDED: 409,
  JOBSD_RUN_NOT_DEAD: 409,
  JOBSD_PAYLOAD_NOT_KEPT: 409,
  JOBSD_QUEUE_FULL: 429,
  JOBSD_SERVICE_NOT_FOUND: 404,
  JOBSD_ENDPOINT_NOT_FOUND: 404,
};

export function statusOf(error: JobsdError): number {
  return statuses[error.code] ?? 500;
}

export function toApiError(error: JobsdError): ApiError {
  return { error: { code: error.code, message: error.message } };
}

/** The error on the asking side, or nothing when the body is not one of ours. */
export function fromApiError(body: unknown): JobsdError | undefined {
  const code = (body as ApiError | undefined)?.error?.code;
  if (code === undefined || !Object.hasOwn(errorMessages, code)) return undefined;
  const message = String((body as ApiError).error.message);
  return new JobsdError(code, detailOf(code, message));
}

/** The message without the code's own sentence, which the constructor puts in front again. */
function detailOf(code: ErrorCode, message: string): string | undefined {
  const sentence = errorMessages[code];
  if (message === sentence) return undefined;
  return message.startsWith(`${sentence} `) ? message.slice(sentence.length + 1) : message;
}
