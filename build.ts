import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

// What a command needs at its start is bundled: one file is read instead of a hundred. What only the
// daemon loads, and loads later, stays in its package.
const loadedLater = ['fastify', 'pino', 'chokidar', 'undici', 'nodemailer', 'luxon', 'cronstrue'];

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: {
    index: 'src/index.ts',
    main: 'src/main.ts',
    'host-main': 'src/host/host-main.ts',
    'store-thread': 'src/backend/sqlite/store-thread.ts',
  },
  outdir: 'dist',
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
  // Bundled CommonJS packages still ask for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
chmodSync('dist/main.js', 0o755);
execFileSync('tsc', ['--project', 'tsconfig.build.json'], { stdio: 'inherit' });
