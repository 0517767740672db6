import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { OutsideLine } from '../history.ts';
import { daemonFile, outsideService } from './project-files.ts';

const repositoryRoot = resolve(import.meta.dirname, '../../..');

/** A project as its user has it, with this source built and installed in it. */
export interface FaultProject {
  readonly root: string;
  /** The program. */
  readonly main: string;
  readonly statePath: string;
  /** Where services say what they do. */
  readonly logPath: string;
  write(path: string, text: string): void;
  outside(): OutsideLine[];
  remove(): Promise<void>;
}

export async function makeFaultProject(hosts: number): Promise<FaultProject> {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'jobsd-fault-'));
  const installed = join(root, 'node_modules/jobsd');
  const logPath = join(root, 'outside.jsonl');
  for (const folder of [installed, join(root, 'jobs.d'), join(root, 'services')]) {
    mkdirSync(folder, { recursive: true });
  }
  await install(installed);
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  write('package.json', '{ "type": "module" }\n');
  write('outside.jsonl', '');
  write('services/outside.ts', outsideService);
  write('jobs.d/daemon.yaml', daemonFile(hosts));
  return {
    root,
    main: join(installed, 'dist/main.js'),
    statePath: join(root, '.jobsd/state.db'),
    logPath,
    write,
    outside: () =>
      readFileSync(logPath, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as OutsideLine),
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** What `npm install` would put there: the package, built, beside the packages it needs. */
async function install(folder: string): Promise<void> {
  await copyFile(join(repositoryRoot, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  const build = join(repositoryRoot, 'build.ts');
  const argv = [build, join(folder, 'dist')];
  await promisify(execFile)(process.execPath, argv, { cwd: repositoryRoot });
}
