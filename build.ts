import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

// What a command needs at its start is bundled: one file is read instead of a hundred. What only the
// daemon loads, and loads later, stays in its package.
const loadedLater = [
  'fastify',
  'pino',
  'chokidar',
  'undici',
  'nodemailer',
  'cronstrue',
  'ical.js',
  'prom-client',
];

// Another directory gets the program alone, without types: for tests that run it as it is shipped.
const [, , outdir = 'dist'] = process.argv;

/**
 * Bundled CommonJS packages ask for Node's own modules by `require`, which an ES module does not have;
 * making one with `createRequire` in each file costs more than all the rest of a command's start.
 */
const requiredBuiltIns: Plugin = {
  name: 'required-built-ins',
  setup({ onResolve, onLoad }) {
    const namespace = 'required-built-in';
    onResolve({ filter: /.*/ }, ({ path, kind }) =>
      kind === 'require-call' && isBuiltin(path) ? { path, namespace } : undefined,
    );
    onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

const { outputFiles } = await build({
  write: false,
  entryPoints: {
    index: 'src/index.ts',
    main: 'src/main.ts',
    'host-main': 'src/host/host-main.ts',
    'store-thread': 'src/backend/sqlite/store-thread.ts',
  },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  external: loadedLater,
  // Beside the entries: code that starts a process or a thread finds its entry beside itself.
  chunkNames: '[name]-[hash]',
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [requiredBuiltIns],
});
putInPlace(outputFiles);
chmodSync(join(outdir, 'main.js'), 0o755);
if (outdir === 'dist') {
  execFileSync('tsc', ['--project', 'tsconfig.build.json'], { stdio: 'inherit' });
}

/**
 * The first `npx jobsd` after a clone builds once more (npm runs `prepare`), perhaps below a daemon
 * that `npm start` has begun and that starts hosts from these files: no file is ever missing or half
 * written, and one that stays the same is not touched.
 */
function putInPlace(files: readonly { readonly path: string; readonly contents: Uint8Array }[]) {
  mkdirSync(outdir, { recursive: true });
  for (const { path, contents } of files) {
    if (existsSync(path) && readFileSync(path).equals(contents)) continue;
    writeFileSync(`${path}.new`, contents);
    renameSync(`${path}.new`, path);
  }
  const built = new Set(files.map(({ path }) => basename(path)));
  for (const name of readdirSync(outdir)) {
    if (name.endsWith('.js') && !built.has(name)) rmSync(join(outdir, name));
  }
}
