import type { RuleEntry } from './rule-entry.ts';

/** What the schema of the files asks for. */
export const declarationRules: readonly RuleEntry[] = [
  {
    id: 'missing-version',
    meaning: 'A file does not say for which version of the format it was written.',
    example: 'jobs:\n  a: { type: manual, service: jobsd.ping }\n',
    wayOut: 'Begin the file with `version: 1`.',
  },
  {
    id: 'unknown-version',
    meaning: 'A file was written for a version of the format that this jobsd does not know.',
    example: 'version: 2\n',
    wayOut: 'Write `version: 1`, or use the jobsd the file was written for.',
  },
  {
    id: 'missing-key',
    meaning: 'Something that cannot be guessed was left out.',
    example: 'version: 1\njobs:\n  a: { type: cron, service: jobsd.ping }\n',
    wayOut: 'Add the key: `cron: "30 2 * * *"`.',
  },
  {
    id: 'unknown-key',
    meaning: 'A key is not known at this place; it would have no effect, so it is not ignored.',
    example: 'version: 1\njobs:\n  a: { type: manual, servise: jobsd.ping }\n',
    wayOut: 'Correct the spelling; values of your own go into `labels` or `extra`.',
  },
  {
    id: 'unknown-type',
    meaning: 'The type of a job or of an endpoint is none that there is.',
    example: 'version: 1\njobs:\n  a: { type: crom, cron: "30 2 * * *", service: jobsd.ping }\n',
    wayOut: 'Jobs are `one-time`, `interval`, `cron` or `manual`.',
  },
  {
    id: 'wrong-type',
    meaning:
      'A value is of another kind than the key takes: a text for a number, a list for a map.',
    example: 'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, priority: high }\n',
    wayOut: 'Write the kind of value the finding names: `priority: 10`.',
  },
  {
    id: 'invalid-value',
    meaning: 'A value is of the right kind and outside what the key allows.',
    example: 'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, overlap: wait }\n',
    wayOut: 'Choose one of the values the finding lists: `overlap: queue`.',
  },
  {
    id: 'invalid-name',
    meaning: 'A name has characters that would break commands, addresses or run ids.',
    example: 'version: 1\njobs:\n  "a@b": { type: manual, service: jobsd.ping }\n',
    wayOut: 'Use letters, digits, spaces and . _ - /, at most 128 characters.',
  },
  {
    id: 'reserved-name',
    meaning: 'Names that begin with "jobsd." are those of what is built in.',
    example: 'version: 1\njobs:\n  jobsd.mine: { type: manual, service: jobsd.ping }\n',
    wayOut: 'Choose a name that begins with something else.',
  },
  {
    id: 'duplicate-name',
    meaning: 'Two declarations of one kind have one name, or names that differ only in capitals.',
    example:
      'version: 1\njobs:\n  mail: { type: manual, service: jobsd.ping }\n  Mail: { type: manual, service: jobsd.ping }\n',
    wayOut: 'Rename one of them, or remove it. Files are merged by name.',
  },
  {
    id: 'duplicate-daemon',
    meaning: 'Two files have a `daemon` section, and there is only one daemon.',
    wayOut: 'Keep its settings in one file.',
  },
  {
    id: 'conflicting-defaults',
    meaning: 'Two files give different defaults for one key, and defaults hold for all files.',
    wayOut: 'Keep one of them; write the other at the jobs that need it.',
  },
  {
    id: 'invalid-url',
    meaning: 'The address of an endpoint is none that its type can use.',
    example: 'version: 1\nendpoints:\n  source: { type: rest, url: "ftp://files.example.com" }\n',
    wayOut: 'Begin it as the type asks: http:// or https:// for `rest`.',
  },
  {
    id: 'secret-syntax',
    meaning: 'A reference to a secret cannot be read.',
    example: 'version: 1\nendpoints:\n  source: { type: rest, url: "${env:URL" }\n',
    wayOut:
      'Write `${env:NAME}`, `${env:NAME:-default}` or `${file:/path}`; `$${` is a plain `${`.',
  },
  {
    id: 'secret-not-allowed',
    meaning: 'A secret stands where it would decide what runs, or could be seen.',
    example: 'version: 1\njobs:\n  a: { type: cron, cron: "${env:WHEN}", service: jobsd.ping }\n',
    wayOut: 'Use secrets in the settings of endpoints only.',
  },
  {
    id: 'secret-missing',
    meaning: 'A secret that an endpoint needs is not there. Only the daemon looks: reviews do not.',
    wayOut: 'Set the variable or create the file, or give a default: `${env:NAME:-default}`.',
  },
];
