import Type from 'typebox';
import { closed, use } from './definition.ts';
import { duration } from './duration.ts';

export const retry = Type.Object(
  {
    attempts: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        default: 1,
        description: 'Tries in all, the first included; 1 is no retry.',
        examples: [3],
      }),
    ),
    delay: Type.Optional(
      use('duration', duration, {
        default: '10s',
        description: 'Wait before the second attempt.',
        examples: ['10s'],
      }),
    ),
    backoff: Type.Optional(
      Type.Enum(['exponential', 'constant'], {
        default: 'exponential',
        description: 'Whether the wait doubles after each attempt or stays the same.',
        examples: ['constant'],
      }),
    ),
    maxDelay: Type.Optional(
      use('duration', duration, {
        default: '10m',
        description: 'The longest wait between two attempts.',
        examples: ['10m'],
      }),
    ),
    onLost: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'Whether a run that was lost in a crash is followed by the next attempt.',
        examples: [false],
      }),
    ),
  },
  { ...closed, title: 'Retry policy', examples: [{ attempts: 3, delay: '10s' }] },
);

export const overlap = Type.Enum(['allow', 'skip', 'queue', 'queue-latest', 'replace'], {
  title: 'Overlap policy',
  description: 'What happens when a run is due while an earlier one of the same job still runs.',
  examples: ['skip'],
});

export const catchUp = Type.Unsafe<'none' | 'latest' | 'all' | CatchUpMap>({
  title: 'Catch-up policy',
  type: ['string', 'object'],
  // `enum` would refuse every map; a pattern looks at texts only.
  pattern: '^(none|latest|all)$',
  properties: {
    mode: Type.Enum(['none', 'latest', 'all'], {
      default: 'latest',
      description: 'Which of the missed occurrences run late.',
      examples: ['all'],
    }),
    window: use('duration', duration, {
      description: 'How far back to look. Without it: the longer of one day and one period.',
      examples: ['6h'],
    }),
    limit: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 100,
      description: 'At most this many of the newest missed occurrences.',
      examples: [10],
    }),
  },
  additionalProperties: false,
  minProperties: 1,
  description: 'What happens to occurrences that were missed while nothing fired.',
  examples: ['none', 'latest', { mode: 'all', window: '6h' }],
});

interface CatchUpMap {
  readonly mode?: 'none' | 'latest' | 'all';
  readonly window?: import('../../schedule/schedule.ts').DurationDeclaration;
  readonly limit?: number;
}
