import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calendarFilesOf } from '../../src/source/calendar-files.ts';
import { anEmptyProject } from '../support/project.ts';

test('a calendar file is read inside the root only, also through links', () => {
  const outside = anEmptyProject();
  outside.write('secret.ics', 'BEGIN:VCALENDAR');
  const project = anEmptyProject();
  project.write('calendars/a.ics', 'inside');
  symlinkSync('a.ics', project.path('calendars/link.ics'));
  symlinkSync(outside.path('secret.ics'), project.path('calendars/out.ics'));
  symlinkSync(outside.root, project.path('elsewhere'));
  symlinkSync('nowhere.ics', project.path('calendars/dangling.ics'));
  mkdirSync(project.path('directory.ics'));
  const read = calendarFilesOf(project.root);
  for (const path of ['calendars/a.ics', './calendars/../calendars/a.ics', 'calendars/link.ics']) {
    expect(read(path)).toEqual({ kind: 'read', bytes: Buffer.from('inside') });
  }
  const out = ['calendars/out.ics', 'elsewhere/secret.ics', '../x.ics', '/etc/passwd', 'a\0.ics'];
  for (const path of out) expect(read(path), path).toEqual({ kind: 'outside-root' });
  expect(read('calendars/dangling.ics')).toEqual({ kind: 'missing' });
  expect(read('directory.ics')).toEqual({ kind: 'unreadable', reason: 'it is a directory' });
});

test('a file larger than days off can be is not read', () => {
  const project = anEmptyProject();
  writeFileSync(join(project.root, 'large.ics'), Buffer.alloc(512 * 1024 + 1));
  expect(calendarFilesOf(project.root)('large.ics')).toEqual({ kind: 'too-large' });
});
