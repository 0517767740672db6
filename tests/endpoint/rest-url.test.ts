import fc from 'fast-check';
import { expect, test } from 'vitest';
import { restUrl } from '../../src/endpoint/rest-url.ts';

const base = new URL('https://api.example.com/v2/');

test.each([
  ['/items', 'https://api.example.com/v2/items'],
  ['items', 'https://api.example.com/v2/items'],
  ['', 'https://api.example.com/v2/'],
  ['/', 'https://api.example.com/v2/'],
  ['/a/../b', 'https://api.example.com/v2/b'],
  ['/a%2Fb?x=1', 'https://api.example.com/v2/a%2Fb?x=1'],
  ['//other.example.com/x', 'https://api.example.com/v2/other.example.com/x'],
  ['https://other.example.com/', 'https://api.example.com/v2/https://other.example.com/'],
])('the path %j stays below the base', (path, expected) => {
  expect(restUrl(base, path).href).toBe(expected);
});

test.each(['/../admin', '/a/../../admin', '..', '\\..\\admin', '/%2e%2e/admin'])(
  'the path %j is refused, for it leads out of the endpoint',
  (path) => {
    expect(() => restUrl(base, path)).toThrow(
      expect.objectContaining({ code: 'JOBSD_INPUT_INVALID' }),
    );
  },
);

test('whatever the path, credentials only go to the endpoint', () => {
  const piece = fc.constantFrom(
    ...[
      '/',
      '//',
      '\\',
      '..',
      '.',
      '%2e',
      '%2F',
      '%5c',
      ':',
      '@',
      '?',
      '#',
      'a',
      'http:',
      '[',
      ' ',
      '\t',
      '\n',
    ],
  );
  const path = fc.oneof(
    fc.string(),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(path, (written) => {
      let url: URL;
      try {
        url = restUrl(base, written);
      } catch {
        return true;
      }
      return url.origin === base.origin && `${url.pathname}/`.startsWith('/v2/');
    }),
    { numRuns: 2000 },
  );
});

test('query parameters of the endpoint, the path and the call are all sent', () => {
  const url = restUrl(new URL('http://h/x?key=1'), '/y?q=2', {
    list: ['a', 'b'],
    yes: true,
    none: undefined,
  });
  expect(url.pathname).toBe('/x/y');
  expect([...url.searchParams].map(([name, value]) => `${name}=${value}`).sort()).toEqual(
    ['key=1', 'list=a', 'list=b', 'q=2', 'yes=true'].sort(),
  );
});
