import { type ErrorCode, JobsdError } from '../errors.ts';
import { createPaint } from '../telemetry/paint.ts';
import { printable } from '../telemetry/printable.ts';
import { type CommandContext, formatVersion, wantsColor } from './command-context.ts';
import type { ExitCode } from './command-io.ts';

const exitCodes: Partial<Record<ErrorCode, ExitCode>> = {
  JOBSD_CONFIG_INVALID: 1,
  JOBSD_INPUT_INVALID: 2,
  JOBSD_SCHEDULE_INVALID: 2,
  JOBSD_USAGE: 2,
  JOBSD_JOB_NOT_FOUND: 4,
  JOBSD_RUN_NOT_FOUND: 4,
  JOBSD_GROUP_NOT_FOUND: 4,
  JOBSD_RUN_ENDED: 1,
  JOBSD_RUN_NOT_DEAD: 1,
  JOBSD_PAYLOAD_NOT_KEPT: 1,
  JOBSD_SERVICE_NOT_FOUND: 4,
};

/** Says on standard error what failed, and gives the exit code that goes with it. */
export function reportFailure(context: CommandContext, error: unknown): ExitCode {
  const { io, format } = context;
  const known = error instanceof JobsdError ? error : internalError(error);
  const { code, message } = known;
  if (format === 'json') {
    io.stderr.write(`${JSON.stringify({ formatVersion, error: { code, message } })}\n`);
  } else {
    const paint = createPaint(wantsColor(io, { color: context.hasColor }, 'stderr'));
    io.stderr.write(`${paint.red('error')}[${code}]: ${printable(message)}\n`);
    if (code === 'JOBSD_INTERNAL' && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  }
  return exitCodes[code] ?? 3;
}

/** A fault of jobsd itself: what nobody expected is shown in full, so that it can be reported. */
function internalError(error: unknown): JobsdError {
  const text = error instanceof Error ? error.message : String(error);
  return new JobsdError('JOBSD_INTERNAL', text, { cause: error });
}
