import { parseFiles } from '../config/parse-files.ts';
import type { ParsedFile } from '../config/parsed-file.ts';
import { atOnce } from '../config/steps.ts';
import { findFiles } from '../source/find-files.ts';
import { readFiles } from '../source/read-files.ts';
import type { CommandContext } from './command-context.ts';

/**
 * The project's files with the place of every value. A snapshot keeps none of that, so the few who
 * want to know read the files once more.
 */
export function parseProject({ root }: CommandContext): Promise<readonly ParsedFile[]> {
  return parseFiles(atOnce(readFiles(findFiles(root))).files);
}
