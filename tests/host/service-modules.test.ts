import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestPool, service, type TestPool } from './open-test-pool.ts';

let it: TestPool;

beforeAll(async () => {
  it = await openTestPool({
    services: {
      enums: `enum Colour { Red }\n${service('return Colour.Red;')}`,
      decorated: `const mark = () => {};\n@mark class Marked {}\n${service('')}`,
      'no-ending': `import './lib/part';\n${service('')}`,
      'wrong-file': `import './lib/nothing.ts';\n${service('')}`,
      'no-package': `import 'not-installed-anywhere';\n${service('')}`,
      'no-default': 'export const other = 1;',
      'not-a-class': 'export default { handle() {} };',
      'no-handle': 'export default class Empty {}',
      'throws-at-load': 'throw new Error("no database");',
      named: `${service('return "default";')}\nexport class Second { handle() { return 'second'; } }`,
      counts: `let loads = 0; loads += 1;\n${service('return loads;')}`,
      plain: 'export default class { handle() { return "plain"; } }',
      typed: `import { Service, type JobContext } from 'jobsd';
        interface Input { readonly name: string }
        export default class Typed extends Service<Input, string> {
          private readonly greeting: string = 'hello';
          handle(): string { return \`\${this.greeting} \${this.request.input.name satisfies string}\`; }
        }`,
      early: `import { Service } from 'jobsd';
        export default class extends Service { cid2 = this.cid; handle() {} }`,
    },
    files: { 'lib/part.ts': 'export {};' },
    declared: { named: { export: 'Second' }, missing: {} },
    options: { hosts: 1 },
  });
});
afterAll(() => it[Symbol.asyncDispose]());

test.each([
  ['enums', 'write constants instead of enums'],
  ['decorated', 'uses decorators'],
  ['no-ending', 'carry their ending'],
  ['wrong-file', 'There is no such file'],
  ['no-package', 'Install the package'],
  ['no-default', 'no export "default". It exports "other".'],
  ['not-a-class', 'must be a class that extends Service'],
  ['no-handle', 'has no method "handle"'],
  ['throws-at-load', 'no database'],
])('a module that cannot be loaded (%s) fails its run with the way out', async (name, way) => {
  const end = await it.run(name);
  expect(end).toMatchObject({ outcome: 'failed', error: { code: 'JOBSD_SERVICE_UNLOADABLE' } });
  expect(end.error?.message).toContain(way);
  expect(end.error?.message).toContain(`${name}.ts`);
});

test('a service may be any export of its module', async () => {
  expect((await it.run('named')).result).toBe('"second"');
});

test('a module is loaded once per host', async () => {
  expect((await it.run('counts')).result).toBe('1');
  expect((await it.run('counts')).result).toBe('1');
});

test('a class with handle() is a service, whatever it derives from', async () => {
  expect((await it.run('plain')).result).toBe('"plain"');
});

test('erasable TypeScript works in a service', async () => {
  expect((await it.run('typed', { payload: '{"name":"ann"}' })).result).toBe('"hello ann"');
});

test('what is on this is not there yet in the constructor, and says so', async () => {
  const end = await it.run('early');
  expect(end).toMatchObject({ outcome: 'failed', error: { code: 'JOBSD_USAGE' } });
});
