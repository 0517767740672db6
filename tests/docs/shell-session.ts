import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { countPrinted } from './match-output.ts';

export interface CommandEnd {
  readonly exitCode: number;
  /** Both streams, as a terminal would show them. */
  readonly printed: string;
}

/** One shell, in which a document's commands run one after the other, and what it left running. */
export class ShellSession {
  readonly #cwd: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #shell: ChildProcess;
  readonly #running: ChildProcess[] = [];
  readonly #news: News;
  #printed = '';
  #goingOn = '';
  #count = 0;

  constructor(cwd: string, env: Readonly<Record<string, string>>) {
    this.#cwd = cwd;
    this.#env = env;
    this.#shell = spawn('bash', ['--norc'], { cwd, env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#news = newsOf(this.#shell, (chunk) => {
      this.#printed += chunk;
    });
  }

  /** What was printed last, in the shell and beside it: for who wants to know what it hangs on. */
  get transcript(): string {
    return `${this.#goingOn}\n${this.#printed}`;
  }

  /** Runs a command to its end. `$?` and the directory are there for the next one. */
  async run(command: string): Promise<CommandEnd> {
    this.#count += 1;
    this.#printed = '';
    const end = new RegExp(`<end ${this.#count} (\\d+)>\n$`);
    const script = `{ ${command}\n} 2>&1 </dev/null; _e=$?; printf '<end ${this.#count} %s>\\n' "$_e"; (exit "$_e")\n`;
    this.#shell.stdin?.write(script);
    for (;;) {
      const [found, exitCode] = end.exec(this.#printed) ?? [];
      if (found !== undefined) {
        return { exitCode: Number(exitCode), printed: this.#printed.slice(0, -found.length) };
      }
      if (this.#shell.exitCode !== null) throw new Error(`the shell ended in: ${command}`);
      await this.#news.next();
    }
  }

  /**
   * Starts what goes on until it is stopped, as in a terminal of its own. Resolves when it has
   * printed all of these lines; rejects with what it printed when it ends before.
   */
  async start(command: string, shown: readonly string[]): Promise<void> {
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: this.#cwd,
      env: this.#env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#running.push(child);
    let printed = '';
    const news = newsOf(child, (chunk) => {
      printed += chunk.replaceAll('\r', '');
      this.#goingOn = printed;
    });
    while (countPrinted(shown, printed) < shown.length) {
      if (child.exitCode !== null) throw new Error(`"${command}" ended:\n${printed}`);
      await news.next();
    }
  }

  /** Ctrl-C to what goes on: a signal would end the terminal around it, which takes its time. */
  async close(): Promise<void> {
    for (const child of this.#running) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.stdin?.write('\x03');
      await exited;
    }
    this.#shell.stdin?.end();
    if (this.#shell.exitCode === null) await once(this.#shell, 'exit');
  }
}

interface News {
  /** Resolves when the process has printed something more, or has ended. */
  next(): Promise<void>;
}

function newsOf(child: ChildProcess, onText: (text: string) => void): News {
  let arrived = Promise.withResolvers<void>();
  const tell = () => {
    arrived.resolve();
    arrived = Promise.withResolvers<void>();
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    onText(text);
    tell();
  });
  child.once('exit', tell);
  return { next: () => arrived.promise };
}
