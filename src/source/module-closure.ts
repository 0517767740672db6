import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The files that service modules are made of, and a hash over their content. */
export interface ModuleClosure {
  /** Absolute, sorted. Includes files that are imported and not there: they may yet come. */
  readonly files: readonly string[];
  readonly hash: string;
}

// Literal relative specifiers in any of the forms that load a module. Too much is harmless here (a
// reload more); what is built at run time is out of reach, as it is for every other tool.
const specifierPattern = /(?:from|import|require)\s*\(?\s*['"](\.{1,2}\/[^'"\n]+)['"]/g;

/** Follows relative imports from the modules. Packages are not followed: they change with a deploy. */
export async function moduleClosure(modules: readonly string[]): Promise<ModuleClosure> {
  const contents = new Map<string, string | undefined>();
  const pending = [...modules];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (contents.has(file)) continue;
    const text = await readFile(file, 'utf8').catch(() => undefined);
    contents.set(file, text);
    if (text === undefined || file.endsWith('.json')) continue;
    for (const [, specifier] of text.matchAll(specifierPattern)) {
      if (specifier) pending.push(resolve(dirname(file), specifier));
    }
  }
  const files = [...contents.keys()].sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(JSON.stringify([file, contents.get(file) ?? null]));
  return { files, hash: hash.digest('hex') };
}
