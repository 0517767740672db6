import Type, { type Static } from 'typebox';
import { closed, use } from './definition.ts';
import { duration } from './duration.ts';
import { catchUp, overlap, retry } from './policies.ts';

export const defaults = Type.Object(
  {
    timezone: Type.Optional(
      Type.String({
        minLength: 1,
        default: 'UTC',
        description: 'IANA time zone of jobs that name none.',
        examples: ['Europe/Athens'],
      }),
    ),
    timeout: Type.Optional(
      use('duration', duration, {
        default: '1h',
        description: 'How long one attempt may take, where neither job nor service says so.',
        examples: ['10m'],
      }),
    ),
    grace: Type.Optional(
      use('duration', duration, {
        default: '5s',
        description: 'Time between asking an attempt to stop and killing it.',
        examples: ['5s'],
      }),
    ),
    retry: Type.Optional(
      use('retry', retry, {
        description: 'Retry policy of jobs; a job replaces single keys of it.',
        examples: [{ attempts: 3 }],
      }),
    ),
    overlap: Type.Optional(
      use('overlap', overlap, {
        default: 'allow',
        description: 'Overlap policy of jobs that name none.',
        examples: ['skip'],
      }),
    ),
    catchUp: Type.Optional(
      use('catchUp', catchUp, {
        default: 'latest',
        description: 'Catch-up policy of jobs that name none.',
        examples: ['none'],
      }),
    ),
  },
  {
    ...closed,
    title: 'Defaults',
    description: 'Values for the jobs of all files that do not say otherwise.',
    examples: [{ timezone: 'Europe/Athens', timeout: '10m' }],
  },
);

export type DefaultsDeclaration = Static<typeof defaults>;
