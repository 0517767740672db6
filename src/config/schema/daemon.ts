import Type, { type Static } from 'typebox';
import { closed, use } from './definition.ts';
import { duration } from './duration.ts';

const hosts = Type.Object(
  {
    count: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 256,
        default: 2,
        description: 'Service hosts (child processes) kept ready.',
        examples: [2],
      }),
    ),
    concurrency: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        default: 16,
        description: 'Runs at once in one host.',
        examples: [16],
      }),
    ),
    memory: Type.Optional(
      Type.String({
        title: 'Size',
        pattern: '^[1-9][0-9]{0,5}(MB|GB)$',
        default: '512MB',
        description: 'The most memory one host may take before it is ended.',
        examples: ['512MB', '2GB'],
      }),
    ),
    maxRuns: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        default: 10_000,
        description: 'A host is replaced after this many runs.',
        examples: [10_000],
      }),
    ),
  },
  {
    ...closed,
    description: 'The child processes in which services run.',
    examples: [{ count: 2 }],
  },
);

const retention = Type.Object(
  {
    age: Type.Optional(
      use('duration', duration, {
        default: '30d',
        description: 'Records of finished runs are kept this long.',
        examples: ['30d'],
      }),
    ),
    runs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000_000,
        default: 1000,
        description: 'At most this many finished runs of each job are kept.',
        examples: [1000],
      }),
    ),
  },
  { ...closed, description: 'How long history is kept.', examples: [{ age: '30d', runs: 1000 }] },
);

export const daemon = Type.Object(
  {
    state: Type.Optional(
      Type.String({
        minLength: 1,
        default: '.jobsd/state.db',
        description: 'The state file, relative to the project root.',
        examples: ['.jobsd/state.db'],
      }),
    ),
    drainTimeout: Type.Optional(
      use('duration', duration, {
        default: '30s',
        description: 'When the daemon stops, running services get this long to end.',
        examples: ['30s'],
      }),
    ),
    hosts: Type.Optional(hosts),
    retention: Type.Optional(retention),
  },
  {
    ...closed,
    title: 'Daemon',
    description: 'Settings of the daemon itself; in one file only.',
    examples: [{ state: '.jobsd/state.db', hosts: { count: 2 } }],
  },
);

export type DaemonDeclaration = Static<typeof daemon>;
