import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ModuleFact } from '../config/check-modules.ts';
import { isOutside } from './is-outside.ts';

/** What the disk says about modules: asked once per path, links followed. */
export function moduleFactsOf(root: string): (path: string) => ModuleFact {
  const known = new Map<string, ModuleFact>();
  let realRoot: string | undefined;
  return (path) => {
    realRoot ??= realpathSync(root);
    let fact = known.get(path);
    if (fact === undefined) {
      fact = moduleFact(realRoot, path);
      known.set(path, fact);
    }
    return fact;
  };
}

function moduleFact(realRoot: string, path: string): ModuleFact {
  // Before the disk is asked: whether a file outside exists is nobody's business.
  if (isOutside(realRoot, resolve(realRoot, path)) || path.includes('\0')) return 'outside-root';
  try {
    const real = realpathSync(resolve(realRoot, path));
    if (isOutside(realRoot, real)) return 'outside-root';
    return statSync(real).isFile() ? 'ok' : 'not-a-file';
  } catch {
    return 'missing';
  }
}
