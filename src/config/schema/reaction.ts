import Type from 'typebox';
import { closed, use } from './definition.ts';
import { nameOf } from './name.ts';

/** A bare text is the name of a service. */
export const reaction = Type.Unsafe<
  string | { readonly service?: string } | { readonly job?: string }
>({
  title: 'Reaction',
  type: ['string', 'object'],
  minLength: 1,
  properties: {
    service: Type.String({
      minLength: 1,
      description: 'A service to run.',
      examples: ['ops.notify'],
    }),
    job: nameOf('job', ['sync-data']),
  },
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  description: 'The name of a service, or a map with either `service` or `job`.',
  examples: ['ops.notify', { job: 'sync-data' }],
});

const reactionTo = (event: string) =>
  Type.Optional(
    use('reaction', reaction, {
      description: event,
      examples: ['ops.notify', { job: 'sync-data' }],
    }),
  );

export const reactions = Type.Object(
  {
    success: reactionTo('Runs when a run has succeeded.'),
    failure: reactionTo('Runs when a run has failed and no attempt is left.'),
    timeout: reactionTo('Runs when a run took longer than its `timeout`.'),
    missed: reactionTo('Runs when occurrences were missed.'),
    skipped: reactionTo('Runs when an occurrence was skipped.'),
    recovery: reactionTo('Runs at the first success after a failure.'),
  },
  { ...closed, title: 'Reactions', minProperties: 1, examples: [{ failure: 'ops.notify' }] },
);
