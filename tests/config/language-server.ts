import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const program = join(
  import.meta.dirname,
  '../../node_modules/yaml-language-server/bin/yaml-language-server',
);

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** The real yaml-language-server over its standard streams (JSON-RPC with Content-Length). */
export class LanguageServer {
  private readonly child: ChildProcess;
  private received = Buffer.alloc(0);
  private nextId = 1;
  private readonly waiting = new Map<number, (result: unknown) => void>();
  private readonly diagnostics = new Map<string, (diagnostics: unknown[]) => void>();

  constructor() {
    this.child = spawn(process.execPath, [program, '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => this.receive(chunk));
  }

  async start(): Promise<void> {
    await this.request('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    this.notify('initialized', {});
    const yaml = { validate: true, completion: true, schemaStore: { enable: false } };
    this.notify('workspace/didChangeConfiguration', { settings: { yaml } });
  }

  /** Opens a document and gives what the server finds wrong in it. */
  open(
    uri: string,
    text: string,
  ): Promise<{ message: string; range: { start: { line: number } } }[]> {
    const published = new Promise<unknown[]>((resolve) => this.diagnostics.set(uri, resolve));
    const textDocument = { uri, languageId: 'yaml', version: 1, text };
    this.notify('textDocument/didOpen', { textDocument });
    return published as ReturnType<LanguageServer['open']>;
  }

  /** Labels offered at a place; line and character from 0. */
  async complete(uri: string, line: number, character: number): Promise<string[]> {
    const params = { textDocument: { uri }, position: { line, character } };
    const result = (await this.request('textDocument/completion', params)) as {
      items: { label: string }[];
    };
    return result.items.map((item) => item.label);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    await this.request('shutdown', null);
    this.notify('exit', null);
    await ended;
  }

  private request(method: string, params: unknown): Promise<unknown> {
    const id = this.nextId;
    this.nextId += 1;
    const answered = new Promise<unknown>((resolve) => this.waiting.set(id, resolve));
    this.send({ id, method, params });
    return answered;
  }

  private notify(method: string, params: unknown): void {
    this.send({ method, params });
  }

  private send(message: Message | { id: number; result: unknown }): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  private receive(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    for (;;) {
      const headEnd = this.received.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const length = Number(
        /Content-Length: (\d+)/i.exec(this.received.toString('latin1', 0, headEnd))?.[1],
      );
      const end = headEnd + 4 + length;
      if (this.received.length < end) return;
      const message: Message = JSON.parse(this.received.toString('utf8', headEnd + 4, end));
      this.received = this.received.subarray(end);
      this.handle(message);
    }
  }

  private handle({ id, method, params, result }: Message): void {
    if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: unknown[] };
      this.diagnostics.get(uri)?.(diagnostics);
    } else if (method === 'workspace/configuration' && id !== undefined) {
      const { items } = params as { items: unknown[] };
      this.send({ id, result: items.map(() => null) });
    } else if (method !== undefined && id !== undefined) this.send({ id, result: null });
    else if (id !== undefined) this.waiting.get(id)?.(result);
  }
}
