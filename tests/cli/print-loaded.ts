import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

// Preloaded into a command's process: tells on descriptor 3 what the command loads.
registerHooks({
  load(url, context, nextLoad) {
    writeSync(3, `${url}\n`);
    return nextLoad(url, context);
  },
});
