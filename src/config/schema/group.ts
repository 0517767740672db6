import Type, { type Static } from 'typebox';
import { closed, use } from './definition.ts';
import { duration } from './duration.ts';

export const group = Type.Object(
  {
    maxRunning: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: 'At most this many runs of the jobs in the group at once.',
        examples: [2],
      }),
    ),
    rate: Type.Optional(
      Type.Object(
        {
          count: Type.Integer({
            minimum: 1,
            maximum: 1_000_000,
            description: 'At most this many starts ...',
            examples: [10],
          }),
          per: use('duration', duration, {
            description: '... in any stretch of this length.',
            examples: ['1m'],
          }),
        },
        { ...closed, description: 'A limit on starts.', examples: [{ count: 10, per: '1m' }] },
      ),
    ),
  },
  { ...closed, title: 'Group', minProperties: 1, description: 'Limits that several jobs share.' },
);

export type GroupDeclaration = Static<typeof group>;
