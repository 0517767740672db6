import { expect, test } from 'vitest';
import { renderFindingCount, renderFindings } from '../../src/cli/view/render-findings.ts';
import type { Finding } from '../../src/config/finding.ts';

const finding: Finding = {
  rule: 'unknown-service',
  severity: 'error',
  message: 'job "weekly-report" uses a service that is not declared',
  labels: [
    {
      file: 'jobs.d/reports.yaml',
      line: 14,
      column: 14,
      endColumn: 23,
      source: '    service: send-mial',
      text: 'did you mean "send-mail"?',
    },
  ],
};

const at = (change: Partial<Finding['labels'][0]>): Finding => ({
  ...finding,
  labels: [{ ...finding.labels[0], ...change }],
});

test('a finding shows its rule, place, line and way out', () => {
  expect(renderFindings([finding], { color: false })).toBe(`\
error[unknown-service]: job "weekly-report" uses a service that is not declared
  --> jobs.d/reports.yaml:14:14
   |
14 |     service: send-mial
   |              ^^^^^^^^^ did you mean "send-mail"?
`);
});

test('with colour the text is the same', () => {
  const colored = renderFindings([{ ...finding, help: 'Declare it.' }], { color: true });
  expect(colored).toContain('\u001b[31m');
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  expect(colored.replace(escapes, '')).toBe(
    renderFindings([{ ...finding, help: 'Declare it.' }], { color: false }),
  );
});

test('nothing of a file reaches the terminal as a command', () => {
  const evil = '\u001b]0;x\u0007 \u202e \u200b \u009b31m \t \0';
  const text = renderFindings(
    [{ ...at({ source: evil, file: evil, text: evil }), message: evil }],
    {
      color: false,
    },
  );
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('the caret stands under wide characters', () => {
  const lines = renderFindings([at({ source: '  日本: x', column: 7, endColumn: 8, line: 1 })], {
    color: false,
  }).split('\n');
  expect(lines[3]).toBe('1 |   日本: x');
  expect(lines[4]?.indexOf('^')).toBe('1 |   aaaa: '.length);
});

test('of a line that was cut the caret is under the right character', () => {
  const label = { source: 'abcdef', sourceColumn: 101, column: 103, endColumn: 104, line: 1 };
  const lines = renderFindings([at(label)], { color: false }).split('\n');
  expect(lines[3]).toBe('1 | ...abcdef');
  expect(lines[4]?.indexOf('^')).toBe('1 | ...ab'.length);
});

test('findings are counted in words', () => {
  expect(renderFindingCount([])).toBe('');
  expect(renderFindingCount([finding])).toBe('1 error in 1 file.\n');
  const warning = { ...at({ file: 'b.yaml' }), severity: 'warning' as const };
  expect(renderFindingCount([finding, warning, warning])).toBe('1 error, 2 warnings in 2 files.\n');
});
