import type { RuleEntry } from './rule-entry.ts';

/** Files, and what makes a file a YAML document. */
export const yamlRules: readonly RuleEntry[] = [
  {
    id: 'no-files',
    meaning: 'There is no configuration file, so nothing would ever run.',
    wayOut: 'Put a file that ends with .yaml into jobs.d/, or name one on the command line.',
  },
  {
    id: 'unreadable-file',
    meaning: 'A file was found and cannot be read, so what it declares is not known.',
    wayOut: 'Correct its permissions, its kind or its size, or remove it.',
  },
  {
    id: 'empty-file',
    meaning: 'A file has nothing in it, which is hardly ever meant.',
    example: '# jobs will come here\n',
    wayOut: 'Begin with `version: 1`, or remove the file.',
  },
  {
    id: 'not-a-map',
    meaning: 'The top of a file is a list or a single value, where keys are expected.',
    example: '- version: 1\n',
    wayOut: 'Begin with keys: `version`, then `services`, `jobs` and so on.',
  },
  {
    id: 'control-character',
    meaning: 'A file has a character that YAML forbids, or is not UTF-8 or UTF-16 text.',
    example:
      'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, description: "\u0007" }\n',
    wayOut: 'Remove it, or write it as an escape inside double quotes: "\\u0007".',
  },
  {
    id: 'duplicate-key',
    meaning: 'One map has the same key twice, and only one of the values would count.',
    example:
      'version: 1\njobs:\n  a:\n    type: manual\n    service: jobsd.ping\n    service: jobsd.echo\n',
    wayOut: 'Remove one, or give it another name.',
  },
  {
    id: 'unquoted-cron',
    meaning: 'A value begins with * or @, to which YAML gives a meaning of its own.',
    example:
      'version: 1\njobs:\n  a:\n    type: cron\n    cron: */5 * * * *\n    service: jobsd.ping\n',
    wayOut: 'Put it in quotes: `cron: "*/5 * * * *"`.',
  },
  {
    id: 'merge-conflict',
    meaning: 'A file has a conflict that git left in it, so it is not known which side is to hold.',
    example:
      'version: 1\njobs:\n<<<<<<< HEAD\n  a: { type: manual, service: jobsd.ping }\n=======\n  a: { type: manual, service: jobsd.echo }\n>>>>>>> other\n',
    wayOut: 'Keep one of the sides, or what is right of both, and remove the lines with the marks.',
  },
  {
    id: 'yaml-syntax',
    meaning: 'The text is not YAML: a bracket, a quote, a colon or the indentation is not right.',
    example: 'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping\n',
    wayOut: 'Correct what the finding points at; the true cause may stand a little before it.',
  },
  {
    id: 'yaml-tab',
    meaning: 'A tab is used for indentation, which YAML does not allow.',
    example: 'version: 1\njobs:\n  a:\n\ttype: manual\n\tservice: jobsd.ping\n',
    wayOut: 'Replace each tab by two spaces.',
  },
  {
    id: 'yaml-key',
    meaning: 'A key is not a text, or is one that JavaScript gives a meaning of its own.',
    example: 'version: 1\njobs:\n  true: { type: manual, service: jobsd.ping }\n',
    wayOut: 'Write the key in quotes, or choose another one.',
  },
  {
    id: 'yaml-number',
    meaning: 'A number is read differently by different programs, or cannot be kept exactly.',
    example: 'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, extra: 007 }\n',
    wayOut: 'Put it in quotes for a text, or write the plain number.',
  },
  {
    id: 'yaml-tag',
    meaning: 'A tag asks for a kind of value that a job cannot be given.',
    example:
      'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, extra: !!binary aGk= }\n',
    wayOut: 'Remove the tag, and write a text, a number, a list or a map.',
  },
  {
    id: 'yaml-alias',
    meaning: 'An alias refers to nothing, or to the value it stands in.',
    example: 'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, extra: *later }\n',
    wayOut: 'Put the anchor (`&later`) before the alias, or quote it if it is a text.',
  },
  {
    id: 'yaml-merge',
    meaning: '`<<` merges maps, and was given something else.',
    example: 'version: 1\njobs:\n  a: { <<: shared, type: manual, service: jobsd.ping }\n',
    wayOut: 'Give it the alias of a map: `<<: *shared`.',
  },
  {
    id: 'yaml-alias-bomb',
    meaning: 'A few aliases of aliases stand for so many values that no machine could hold them.',
    wayOut: 'Write the values once, or generate the files.',
  },
  {
    id: 'yaml-too-deep',
    meaning: 'Maps and lists are nested deeper than any job needs.',
    wayOut: 'Make the value flatter, or keep it in a file that the service reads.',
  },
  {
    id: 'yaml-too-long',
    meaning: 'A single text is longer than configuration ever is.',
    wayOut: 'Keep large content in a file of its own and let the service read it.',
  },
  {
    id: 'yaml-too-large',
    meaning: 'A file is large and has aliases, tags or anchors, which are costly to follow in it.',
    wayOut: 'Split the file, or write the values out.',
  },
  {
    id: 'yaml-version',
    meaning: 'A file asks for another version of YAML, in which `yes` or `010` mean other things.',
    example: '%YAML 1.1\n---\nversion: 1\n',
    wayOut: 'Remove the line that begins with %YAML.',
  },
  {
    id: 'yaml-several-documents',
    meaning: 'A file holds several documents, parted by `---`.',
    example: 'version: 1\n---\nversion: 1\n',
    wayOut: 'Make a file of each: they are merged by name.',
  },
];
