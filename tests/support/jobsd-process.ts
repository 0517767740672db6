import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from './project.ts';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Variables = Readonly<Record<string, string>>;

/**
 * Starts the real program, from its source. It inherits nothing of what a test runner has in its
 * environment. Node keeps compiled modules between the starts: that takes half of each away.
 */
export function spawnJobsd(
  argv: readonly string[],
  options: { readonly cwd: string; readonly variables?: Variables } & Pick<SpawnOptions, 'stdio'>,
): ChildProcess {
  const { cwd, variables, stdio = ['ignore', 'pipe', 'pipe'] } = options;
  const program = join(repositoryRoot, 'src/main.ts');
  return spawn(process.execPath, ['--conditions=jobsd-source', program, ...argv], {
    cwd,
    stdio,
    env: { ...plainEnvironment(), ...variables },
  });
}

export function plainEnvironment(): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '/',
    USER: 'anna',
    LANG: 'C.UTF-8',
    NODE_COMPILE_CACHE: join(repositoryRoot, 'node_modules/.cache/jobsd-tests'),
  };
}

/** Carries out one command line to its end. */
export async function runJobsd(
  cwd: string,
  argv: readonly string[],
  options: { readonly variables?: Variables; readonly input?: string } = {},
): Promise<ProcessExit> {
  const { variables = {}, input } = options;
  const stdin = input === undefined ? 'ignore' : 'pipe';
  const child = spawnJobsd(argv, { cwd, variables, stdio: [stdin, 'pipe', 'pipe'] });
  child.stdin?.end(input);
  return processExit(child);
}

/** Resolves when the process has ended and all it wrote has been read. */
export function processExit(child: ChildProcess): Promise<ProcessExit> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
}
