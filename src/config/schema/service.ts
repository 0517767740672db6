import Type, { type Static } from 'typebox';
import { closed, use } from './definition.ts';
import { duration } from './duration.ts';

export const service = Type.Object(
  {
    module: Type.String({
      minLength: 1,
      description: 'Path of the TypeScript or JavaScript module, inside the project root.',
      examples: ['services/sync-data.ts'],
    }),
    export: Type.Optional(
      Type.String({
        minLength: 1,
        default: 'default',
        description: 'The export of the module that is the service class.',
        examples: ['SyncData'],
      }),
    ),
    timeout: Type.Optional(
      use('duration', duration, {
        description: 'How long one attempt may take, for jobs that do not say so themselves.',
        examples: ['10m'],
      }),
    ),
    slowThreshold: Type.Optional(
      use('duration', duration, {
        description: 'A run that takes longer than this is logged as slow.',
        examples: ['30s'],
      }),
    ),
    maxRunning: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: 'At most this many runs of the service at once, whoever asked for them.',
        examples: [4],
      }),
    ),
    endpoints: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Endpoints the service may use, and whose secrets it sees. Default: all.',
        examples: [['My SMTP']],
      }),
    ),
  },
  { ...closed, title: 'Service', description: 'A module of yours that does the work.' },
);

export type ServiceDeclaration = Static<typeof service>;
