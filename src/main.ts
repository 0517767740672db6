#!/usr/bin/env node

// Most of a command's start is compiling code that was compiled the last time as well. The cache is
// the user's own: what lies in a shared directory could be somebody else's code. It has to be there
// before anything else is loaded, which is why everything else is loaded by `import()`.
const cacheHome = process.env.XDG_CACHE_HOME ?? (process.env.HOME && `${process.env.HOME}/.cache`);
if (cacheHome) process.getBuiltinModule('node:module').enableCompileCache(`${cacheHome}/jobsd`);

const { runProcess } = await import('./cli/run-process.ts');
await runProcess();

export {};
