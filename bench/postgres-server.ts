import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './redis-server.ts';

export interface PostgresServer {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** A PostgreSQL of our own on a free loopback port, with its ordinary durability. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = newestBin();
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'jobsd-postgres-'));
  // PostgreSQL refuses to run as root, and so runs as the user that came with its package.
  const as = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  if (as.length > 0) giveToPostgres(directory);
  const run = (...command: string[]) => {
    const [program = '', ...rest] = [...as, ...command];
    return { program, rest };
  };
  const init = run(join(bin, 'initdb'), '-D', join(directory, 'db'), '-A', 'trust', '-U', 'bench');
  execFileSync(init.program, init.rest, { stdio: 'ignore', cwd: directory });
  const serve = run(
    join(bin, 'postgres'),
    '-D',
    join(directory, 'db'),
    '-p',
    `${port}`,
    '-k',
    directory,
    '-h',
    '127.0.0.1',
  );
  const server = spawn(serve.program, serve.rest, { stdio: 'ignore', cwd: directory });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const connectionString = `postgres://bench@127.0.0.1:${port}/postgres`;
  await answering(bin, port);
  return {
    connectionString,
    async stop() {
      const end = run(join(bin, 'pg_ctl'), '-D', join(directory, 'db'), '-m', 'fast', 'stop');
      execFileSync(end.program, end.rest, { stdio: 'ignore', cwd: directory });
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function newestBin(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const [newest] = versions.filter((version) => existsSync(join(root, version, 'bin/postgres')));
  if (newest === undefined)
    throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  return join(root, newest, 'bin');
}

function giveToPostgres(directory: string): void {
  const uid = Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }));
  chownSync(directory, uid, -1);
  chmodSync(directory, 0o700);
}

async function answering(bin: string, port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      execFileSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', `${port}`], {
        stdio: 'ignore',
      });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('PostgreSQL did not start');
}
