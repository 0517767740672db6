import type { RuleEntry } from './rule-entry.ts';

/** What declarations say of each other, and of the disk. */
export const referenceRules: readonly RuleEntry[] = [
  {
    id: 'unknown-service',
    meaning: 'A job names a service that no file declares, so each of its runs would fail.',
    example:
      'version: 1\nservices:\n  send-mail: { module: services/a.ts }\njobs:\n  a: { type: manual, service: send-mial }\n',
    wayOut: 'Correct the name, or declare the service under `services`.',
  },
  {
    id: 'unknown-job',
    meaning: 'A reaction names a job that no file declares.',
    example:
      'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, on: { failure: { job: b } } }\n',
    wayOut: 'Correct the name, or declare the job.',
  },
  {
    id: 'unknown-group',
    meaning: 'A job is in a group that no file declares, so no limit would hold for it.',
    example: 'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, group: reports }\n',
    wayOut: 'Declare it: `groups: { reports: { maxRunning: 2 } }`.',
  },
  {
    id: 'unknown-endpoint',
    meaning: 'A service lists an endpoint that no file declares.',
    example: 'version: 1\nservices:\n  sync: { module: services/a.ts, endpoints: [source] }\n',
    wayOut: 'Correct the name, or declare the endpoint under `endpoints`.',
  },
  {
    id: 'reaction-cycle',
    meaning: 'Jobs set each other off in a circle, which once begun would never end.',
    example:
      'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, on: { success: { job: a } } }\n',
    wayOut: 'Break the circle, or let the job have a schedule instead.',
  },
  {
    id: 'renamed-from-existing',
    meaning: 'A job takes over the history of one that is still declared.',
    example:
      'version: 1\njobs:\n  new: { type: manual, service: jobsd.ping, renamedFrom: old }\n  old: { type: manual, service: jobsd.ping }\n',
    wayOut: 'Remove the old job, or remove `renamedFrom`.',
  },
  {
    id: 'renamed-from-twice',
    meaning: 'Two jobs take over the history of one, and it can move to one only.',
    example:
      'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, renamedFrom: old }\n  b: { type: manual, service: jobsd.ping, renamedFrom: old }\n',
    wayOut: 'Keep `renamedFrom` at one of them.',
  },
  {
    id: 'module-missing',
    meaning: 'The module of a service is not there.',
    example: 'version: 1\nservices:\n  sync: { module: services/nowhere.ts }\n',
    wayOut: 'Paths are relative to the project root, and carry their ending.',
  },
  {
    id: 'module-not-a-file',
    meaning: 'The module of a service is a directory or something else that is no file.',
    wayOut: 'Name the file itself, with its ending: `services/sync-data.ts`.',
  },
  {
    id: 'module-outside-root',
    meaning: 'The module of a service lies outside the project, also after links are followed.',
    wayOut: 'Move it into the project root: what runs has to be under review.',
  },
  {
    id: 'module-type',
    meaning: 'The module of a service is neither TypeScript nor JavaScript.',
    example: 'version: 1\nservices:\n  sync: { module: services/sync.py }\n',
    wayOut: 'Name a file that ends with .ts, .mts, .cts, .js, .mjs or .cjs.',
  },
];
