import { chmodSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, onTestFailed, onTestFinished } from 'vitest';
import { aClone } from '../support/clone.ts';
import { plainEnvironment } from '../support/jobsd-process.ts';
import { aProject, type Project } from '../support/project.ts';
import { matchesOutput } from './match-output.ts';
import { type Command, type Fence, readCommands, readFences } from './read-fences.ts';
import { ShellSession } from './shell-session.ts';

// Done already, or what runs this.
const setUp = /^(git clone|cd|npm ci|npm install|npm test|npm run check)\b/;
const goesOn = /^(npm start|npx jobsd start|jobsd start)\b/;
const firstRun = ['… succeeded after …'];

/**
 * Does what a document says, section by section: those that use npm in a clone of the repository,
 * others in an empty project with jobsd installed. Commands run in order, blocks that name a file
 * are written there, whole configuration files are validated, TypeScript is loaded, JSON is parsed.
 * The program is the one built in `dist`.
 */
export async function runDocument(path: string, dist: string): Promise<void> {
  const fences = readFences(readFileSync(path, 'utf8')).filter((fence) => !fence.isIgnored);
  const built = aClone(dist);
  await useFreePorts(built);
  for (const section of Map.groupBy(fences, (fence) => fence.section).values()) {
    const isOfRepository = section.some((fence) => /^(\$ )?np[mx] /m.test(fence.lines.join('\n')));
    const project = isOfRepository ? built : aProject();
    const session = new ShellSession(project.root, environmentOf(built));
    onTestFailed(() => void process.stderr.write(session.transcript));
    onTestFinished(() => session.close());
    for (const fence of section) await runFence(session, project, fence, path);
    await session.close();
  }
}

async function runFence(
  session: ShellSession,
  project: Project,
  fence: Fence,
  path: string,
): Promise<void> {
  if (fence.file !== undefined) project.write(fence.file, `${fence.lines.join('\n')}\n`);
  else if (fence.language === 'sh' || fence.language === 'console') {
    for (const command of readCommands(fence)) await runCommand(session, command, path);
  } else await tryBlock(session, project, fence, path);
}

async function runCommand(session: ShellSession, command: Command, path: string): Promise<void> {
  const { line, output } = command;
  const text = command.text
    .split(' && ')
    .filter((part) => !setUp.test(part))
    .join(' && ');
  if (text === '') return;
  if (goesOn.test(text)) return session.start(text, output.length > 0 ? output : firstRun);
  const { exitCode, printed } = await session.run(text);
  if (output.length > 0 && !matchesOutput(output, printed)) {
    // Not the comparison itself: this shows both side by side.
    expect(printed.trimEnd(), `${path}:${line}: $ ${text}`).toBe(output.join('\n'));
  }
  // A document that shows another exit code asks for it: `echo $?`.
  if (output.length === 0) expect(exitCode, `${path}:${line}: $ ${text}\n${printed}`).toBe(0);
}

async function tryBlock(
  session: ShellSession,
  project: Project,
  fence: Fence,
  path: string,
): Promise<void> {
  const { language, line, lines } = fence;
  const text = `${lines.join('\n')}\n`;
  const attempt = async (file: string, command: string) => {
    project.write(file, text);
    const { exitCode, printed } = await session.run(`${command} ${file}`);
    expect(exitCode, `${path}:${line}: ${printed}`).toBe(0);
  };
  if (language === 'json') JSON.parse(text);
  if (language === 'ts') await attempt(`fence-${line}.ts`, 'node');
  if (language === 'yaml' && /^version:/m.test(text)) {
    await attempt(`fence-${line}.yaml`, 'jobsd validate');
  }
}

/** So that two documents, and a playground that is open anyway, are not in each other's way. */
async function useFreePorts(clone: Project): Promise<void> {
  const ports = new Map([
    ['5625', await freePort()],
    ['5628', await freePort()],
  ]);
  for (const file of ['jobs.d/endpoints.yaml', 'examples/playground/start.ts']) {
    const text = readFileSync(clone.path(file), 'utf8');
    clone.write(
      file,
      text.replace(/562[58]/g, (port) => String(ports.get(port))),
    );
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** `npx jobsd` without npm around it, which takes longer to start than all we do. */
function environmentOf(clone: Project): Record<string, string> {
  const environment = plainEnvironment();
  for (const [name, skipped] of [
    ['npx', 'shift; '],
    ['jobsd', ''],
  ] as const) {
    clone.write(
      `.bin/${name}`,
      `#!/bin/sh\n${skipped}exec node ${clone.path('dist/main.js')} "$@"\n`,
    );
    chmodSync(clone.path(`.bin/${name}`), 0o755);
  }
  return { ...environment, PATH: `${clone.path('.bin')}:${environment.PATH}`, NO_COLOR: '1' };
}
