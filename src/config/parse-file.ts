import { type ParsedFile, parsedFile } from './parsed-file.ts';
import type { SourceFile } from './source-file.ts';
import { decodeText } from './yaml/decode-text.ts';
import { parseYaml } from './yaml/parse-yaml.ts';

export type { ParsedFile };

/** One file at once, for which the YAML library is loaded. Never throws, whatever the bytes are. */
export function parseFile(file: SourceFile): ParsedFile {
  const { path } = file;
  const { text, problem } = decodeText(file.bytes);
  if (problem !== undefined) return { path, text, problems: [problem] };
  return parsedFile(path, text, parseYaml(text));
}
