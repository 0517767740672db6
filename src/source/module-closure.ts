import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The files that service modules are made of, and a hash over their content. */
export interface ModuleClosure {
  /** Absolute, sorted. Includes files that are imported and not there: they may yet come. */
  readonly files: readonly string[];
  /** Of each file's content; of one that is not there too. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Over all of them. */
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
  const hashes = new Map(files.map((file) => [file, hashOf(contents.get(file) ?? null)]));
  return { files, hashes, hash: hashOf([...hashes]) };
}

/** The files whose content is not what it was, those that came and those that went included. */
export function changedModules(before: ModuleClosure, after: ModuleClosure): readonly string[] {
  return [...new Set([...before.files, ...after.files])]
    .filter((file) => before.hashes.get(file) !== after.hashes.get(file))
    .sort();
}

function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
