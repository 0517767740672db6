import { type ParsedFile, parsedFile } from './parsed-file.ts';
import type { SourceFile } from './source-file.ts';
import type { Rest } from './steps.ts';
import { decodeText } from './yaml/decode-text.ts';
import { parseQuickly } from './yaml/quick-parser.ts';

/** What files were last time, by path: a file whose text is the same is not parsed again. */
export type ParseCache = Map<string, ParsedFile>;

/**
 * Parses files, in their order. The YAML library is loaded only when one of them needs it: that
 * takes longer than to read a hundred plain jobs. Never rejects for what is in a file.
 */
export async function parseFiles(
  files: readonly SourceFile[],
  cache?: ParseCache,
  rest?: Rest,
): Promise<readonly ParsedFile[]> {
  const parsed: ParsedFile[] = [];
  for (const { path, bytes } of files) {
    const { text, problem } = decodeText(bytes);
    const known = cache?.get(path);
    if (problem !== undefined) parsed.push({ path, text, problems: [problem] });
    else if (known?.text === text) parsed.push(known);
    else parsed.push(await parseText(path, text));
    const pause = rest?.();
    if (pause !== undefined) await pause;
  }
  if (cache !== undefined) refill(cache, parsed);
  return parsed;
}

async function parseText(path: string, text: string): Promise<ParsedFile> {
  const quick = parseQuickly(text);
  if (quick.root !== undefined) return parsedFile(path, text, quick);
  const { parseUnusual } = await import('./yaml/parse-yaml.ts');
  return parsedFile(path, text, parseUnusual(text, quick));
}

/** Files that are gone leave it too. */
function refill(cache: ParseCache, parsed: readonly ParsedFile[]): void {
  cache.clear();
  for (const file of parsed) cache.set(file.path, file);
}
