import type { Trigger } from '../dispatch/run.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { ChannelKind, RunRequest } from '../host/executor.ts';

const channelOfTrigger: Record<Trigger, ChannelKind> = {
  schedule: 'scheduler',
  'catch-up': 'scheduler',
  'on-event': 'scheduler',
  backfill: 'scheduler',
  retry: 'scheduler',
  manual: 'cli',
  api: 'api',
  service: 'service',
};

/** What an executor is given for the attempt that the ticket's record says is running. */
export function runRequest(ticket: Ticket): RunRequest {
  const { run, definition } = ticket;
  return {
    id: run.id,
    attempt: run.attempt,
    service: run.service,
    ...(run.payload === undefined ? {} : { payload: run.payload }),
    cid: run.id,
    channel: channelOfTrigger[run.trigger],
    ...(run.job === undefined ? {} : { job: jobContext(ticket) }),
    timeoutMs: definition.timeoutMs,
    graceMs: definition.graceMs,
  };
}

function jobContext(ticket: Ticket) {
  const { run, definition } = ticket;
  return {
    name: definition.name,
    type: definition.type,
    ...(run.nominalAt === undefined ? {} : { nominalAt: run.nominalAt }),
    attempt: run.attempt,
    runNumber: run.number ?? 0,
  };
}
