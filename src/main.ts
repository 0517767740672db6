#!/usr/bin/env node

// Said before anything else is asked of Node: an older one lacks what comes next, and would end in a
// stack trace. Whoever installed jobsd beside an old Node meets this first.
if (Number.parseInt(process.versions.node, 10) < 24) {
  const found = `${process.versions.node} (${process.execPath})`;
  process.stderr.write(`error: jobsd needs Node 24 or newer, and this is Node ${found}.\n`);
  process.exit(3);
}

// Most of a command's start is compiling code that was compiled the last time as well. The cache is
// the user's own: what lies in a shared directory could be somebody else's code. It has to be there
// before anything else is loaded, which is why everything else is loaded by `import()`.
const cacheHome = process.env.XDG_CACHE_HOME ?? (process.env.HOME && `${process.env.HOME}/.cache`);
if (cacheHome) process.getBuiltinModule('node:module').enableCompileCache(`${cacheHome}/jobsd`);

const { runProcess } = await import('./cli/run-process.ts');
await runProcess();

export {};
