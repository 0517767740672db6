import type { RunDefinition } from '../../src/dispatch/run-definition.ts';
import type { Ticket } from '../../src/dispatch/ticket.ts';

let made = 0;

/** A ticket of a plain job, with what a test cares about. */
export function aTicket(
  spec: Partial<RunDefinition> & { order?: number; id?: string } = {},
): Ticket {
  const { order = made, id, ...definition } = spec;
  made += 1;
  const name = definition.name ?? 'job';
  const service = definition.service ?? 'service';
  return {
    run: {
      id: id ?? `${name}@manual-${made}`,
      job: name,
      service,
      trigger: 'manual',
      state: 'waiting',
      attempt: 0,
      plannedAt: 0,
      revision: 'r',
    },
    definition: {
      name,
      service,
      timeoutMs: 1000,
      graceMs: 100,
      retry: { attempts: 1, delayMs: 0, backoff: 'constant', maxDelayMs: 0, onLost: false },
      overlap: 'allow',
      priority: 0,
      on: {},
      type: 'manual',
      place: 'jobs.yaml:1',
      ...definition,
    },
    order,
  };
}
