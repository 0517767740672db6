import type { RunEvent } from '../../../src/config/snapshot.ts';
import type { RunRecord } from '../../../src/dispatch/run.ts';
import type { SimWorld } from '../world/sim-world.ts';

const eventOf: Partial<Record<RunRecord['state'], RunEvent>> = {
  succeeded: 'success',
  failed: 'failure',
  lost: 'failure',
  'timed-out': 'timeout',
  missed: 'missed',
};

/** What was declared to follow an end has followed, once; and nothing follows that was not declared. */
export function checkReactions(world: SimWorld): void {
  const { entries } = world.ledger;
  for (const { record, job } of entries.values()) {
    const event = eventOf[record.state];
    if (!event || !job) continue;
    const { on } = job.policies;
    const due = event === 'timeout' && !on.timeout ? 'failure' : event;
    const target = on[due];
    if (!target) continue;
    const attempt = record.attempt > 1 ? `-attempt-${record.attempt}` : '';
    const id = `${target.job ?? target.service}@${due}-of-${record.id}${attempt}`;
    if (!entries.has(id)) world.violate(`SILENT ${record.id} ${record.state}: no ${id}`);
  }
  for (const { record } of entries.values()) {
    const match = /@([a-z]+)-of-(.*?)(?:-attempt-\d+)?$/.exec(record.id);
    if (record.trigger !== 'on-event' || !match) continue;
    const cause = entries.get(match[2] ?? '')?.record;
    const isTrue =
      match[1] === 'recovery' ? cause?.state === 'succeeded' : cause && eventOf[cause.state];
    if (!isTrue) world.violate(`PHANTOM ${record.id} without its cause`);
  }
}
