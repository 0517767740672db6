/**
 * Failures of operation. Callers match on `code`, never on the text; a retired code is never
 * given a new meaning. Problems in users' files are findings (`config/finding.ts`), and how a
 * run ended is data (`dispatch/run.ts`): neither is ever one of these.
 */
export const errorMessages = {
  JOBSD_BACKEND_LOCKED: 'Another daemon uses this state file.',
  JOBSD_BACKEND_CORRUPT: 'The state file is damaged.',
  JOBSD_BACKEND_MISSING: 'There is no state file yet.',
  JOBSD_BACKEND_TOO_NEW: 'The state file was written by a newer jobsd.',
  JOBSD_BACKEND_UNWRITABLE: 'The state file cannot be written.',
  JOBSD_CONFIG_INVALID: 'The configuration has errors.',
  JOBSD_DAEMON_UNREACHABLE: 'The daemon does not answer.',
  JOBSD_DAEMON_STOPPING: 'The daemon is stopping and takes no new work.',
  JOBSD_ENDPOINT_NOT_FOUND: 'No endpoint has this name.',
  JOBSD_ENDPOINT_FAILED: 'The endpoint refused the request or could not be reached.',
  JOBSD_GROUP_NOT_FOUND: 'No group has this name.',
  JOBSD_HOST_DIED: 'The service host ended while the run was in it.',
  JOBSD_INPUT_INVALID: 'The input does not fit what was asked for.',
  JOBSD_INTERNAL: 'Something went wrong inside jobsd.',
  JOBSD_JOB_NOT_FOUND: 'No job has this name.',
  JOBSD_PAYLOAD_NOT_KEPT: 'The payload held a secret, which is not kept after the end of the run.',
  JOBSD_QUEUE_FULL: 'Too many runs are waiting already.',
  JOBSD_RUN_ENDED: 'The run has ended already.',
  JOBSD_RUN_NOT_DEAD: 'Only a run that ended without success can be tried again.',
  JOBSD_RUN_NOT_FOUND: 'No run has this id.',
  JOBSD_SCHEDULE_INVALID: 'The schedule is not valid.',
  JOBSD_SECRET_MISSING: 'A secret that the configuration refers to is not there.',
  JOBSD_SERVICE_FAILED: 'A service that was asked for help failed.',
  JOBSD_SERVICE_NOT_FOUND: 'No service has this name.',
  JOBSD_SERVICE_UNLOADABLE: 'The service module cannot be loaded.',
  JOBSD_USAGE: 'The command was not understood.',
} as const;

export type ErrorCode = keyof typeof errorMessages;

/** An operational failure with a stable `code`. `detail` is shown after the code's own sentence. */
export class JobsdError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail === undefined ? errorMessages[code] : `${errorMessages[code]} ${detail}`, options);
    this.name = 'JobsdError';
    this.code = code;
    this.detail = detail;
  }
}
