import { expect, test } from 'vitest';
import { compileCronOption } from '../../src/cli/compile-cron-option.ts';

const said = (cron: string) => {
  try {
    compileCronOption(cron, 'UTC');
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
};

test('a wrong expression is shown in a sentence of its own, with a caret below the place', () => {
  expect(said('* 60 * * *')).toBe(
    [
      'The schedule is not valid. 60 is outside the hour field',
      '    * 60 * * *',
      '      ^^',
      '  It goes from 0 to 23.',
    ].join('\n'),
  );
  expect(said('* * * *')).toContain('valid. The cron expression has 4 fields');
});

test('the caret stands right behind tabs too, and nothing in the text reaches the terminal', () => {
  expect(said('*\t60\t* * *')).toContain('\n    * 60 * * *\n      ^^\n');
  expect(said('0 0 \u001b[31m * *')).not.toContain('\u001b');
});
