import Type, { type Static } from 'typebox';
import { calendar } from './calendar.ts';
import { daemon } from './daemon.ts';
import { defaults } from './defaults.ts';
import { closed, use } from './definition.ts';
import { duration } from './duration.ts';
import { endpoint, restEndpoint, smtpEndpoint } from './endpoint.ts';
import { group } from './group.ts';
import { calendarNames, cronJob, intervalJob, job, manualJob, oneTimeJob } from './job.ts';
import { mapByName } from './name.ts';
import { catchUp, overlap, retry } from './policies.ts';
import { reaction, reactions } from './reaction.ts';
import { service } from './service.ts';

/** One configuration file of version 1. */
const root = Type.Object(
  {
    version: Type.Literal(1, {
      description: 'Version of the configuration language.',
      examples: [1],
    }),
    defaults: Type.Optional(
      use('defaults', defaults, {
        description: 'Values for the jobs of all files that do not say otherwise.',
        examples: [{ timezone: 'Europe/Athens', timeout: '10m' }],
      }),
    ),
    endpoints: Type.Optional(
      mapByName(use('endpoint', endpoint, { description: 'An endpoint.', examples: [] }), {
        description: 'Systems that services talk to, by name.',
        examples: [{ 'My SMTP': { type: 'smtp', url: '${env:SMTP_URL}' } }],
      }),
    ),
    services: Type.Optional(
      mapByName(use('service', service, { description: 'A service.', examples: [] }), {
        description: 'Your services, by name.',
        examples: [{ 'api.sync': { module: 'services/sync-data.ts' } }],
      }),
    ),
    jobs: Type.Optional(
      mapByName(use('job', job, { description: 'A job.', examples: [] }), {
        description: 'What runs when, by name.',
        examples: [{ heartbeat: { type: 'interval', every: '5s', service: 'jobsd.ping' } }],
      }),
    ),
    groups: Type.Optional(
      mapByName(use('group', group, { description: 'A group.', examples: [] }), {
        description: 'Limits that several jobs share, by name.',
        examples: [{ reports: { maxRunning: 2 } }],
      }),
    ),
    calendars: Type.Optional(
      mapByName(use('calendar', calendar, { description: 'A calendar.', examples: [] }), {
        description: 'Days and times that jobs keep to or leave out, by name.',
        examples: [{ weekend: { weekdays: ['SAT', 'SUN'] } }],
      }),
    ),
    daemon: Type.Optional(
      use('daemon', daemon, {
        description: 'Settings of the daemon itself; in one file only.',
        examples: [{ hosts: { count: 2 } }],
      }),
    ),
  },
  { ...closed },
);

export type DocumentDeclaration = Static<typeof root>;

/** The whole schema as it is committed: the root and every shared definition. */
export const documentSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://jobsd.dev/schema/v1/jobsd.schema.json',
  title: 'jobsd configuration, version 1',
  description: 'Endpoints, services and jobs of jobsd.',
  ...root,
  $defs: {
    duration,
    retry,
    overlap,
    catchUp,
    reaction,
    reactions,
    defaults,
    endpoint,
    restEndpoint,
    smtpEndpoint,
    service,
    job,
    oneTimeJob,
    intervalJob,
    cronJob,
    manualJob,
    group,
    calendar,
    calendarNames,
    daemon,
  },
};
