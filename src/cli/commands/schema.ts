import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Command } from 'commander';
import type { Act, CommandContext } from '../command-context.ts';
import type { ExitCode } from '../command-io.ts';
import { examples } from '../view/examples.ts';

export function define(command: Command, act: Act): void {
  command
    .addHelpText(
      'after',
      `${examples(['jobsd schema > jobsd.schema.json', 'for an editor or a linter'])}

An editor with a YAML language server completes and checks files that begin with
  # yaml-language-server: $schema=./jobsd.schema.json`,
    )
    .action(() => act(schema));
}

/** Prints the JSON Schema of the files, as this version understands them. */
export async function schema(context: CommandContext): Promise<ExitCode> {
  // By the package's own name: source and published program lie at different depths.
  const path = createRequire(import.meta.url).resolve('jobsd/schema');
  context.io.stdout.write(await readFile(path, 'utf8'));
  return 0;
}
