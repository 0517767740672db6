import type { KeyValueStore } from '../backend/backend.ts';
import type { ActiveRun } from './active-run.ts';
import type { Host } from './host.ts';
import type { HostCall, WireError } from './protocol.ts';

/** Who asks for another service, and whether it waits for the result. */
export interface InvokeOrigin {
  readonly cid: string;
  readonly run: string;
  /** `false`: resolve with the JSON of the new run's id as soon as it is recorded. */
  readonly wait: boolean;
}

export type InvokeService = (
  service: string,
  payload: string,
  from: InvokeOrigin,
) => Promise<string | undefined>;

/** Carries out what services ask the daemon for. */
export class HostCalls {
  readonly #keyValues: KeyValueStore;
  readonly #invoke: InvokeService;
  readonly #roomChanged: () => void;

  constructor(keyValues: KeyValueStore, invoke: InvokeService, roomChanged: () => void) {
    this.#keyValues = keyValues;
    this.#invoke = invoke;
    this.#roomChanged = roomChanged;
  }

  answer(host: Host, run: ActiveRun, call: number, request: HostCall): void {
    this.#carryOut(host, run, request).then(
      (value) => host.reply(call, true, value ?? null),
      (error: unknown) => host.reply(call, false, wireError(error)),
    );
  }

  async #carryOut(host: Host, run: ActiveRun, request: HostCall): Promise<unknown> {
    switch (request[0]) {
      case 'kv-get':
        return this.#keyValues.get(request[1]);
      case 'kv-set':
        return this.#keyValues.set(request[1], request[2], ttl(request[3]));
      case 'kv-delete':
        return this.#keyValues.delete(request[1]);
      case 'kv-keys':
        return this.#keyValues.keys(request[1], request[2]);
      case 'kv-increment':
        return this.#keyValues.increment(request[1], request[2]);
      case 'invoke':
        return this.#invokeFor(host, run, request[1], request[2], request[3]);
    }
  }

  async #invokeFor(host: Host, run: ActiveRun, service: string, payload: string, wait: boolean) {
    const from = { cid: run.request.cid, run: run.request.id, wait };
    if (!wait) return parsed(await this.#invoke(service, payload, from));
    run.openInvokes += 1;
    host.invoking.add(run);
    this.#roomChanged();
    try {
      return await this.#invoke(service, payload, from);
    } finally {
      run.openInvokes -= 1;
      if (run.openInvokes === 0) host.invoking.delete(run);
    }
  }
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}

function ttl(ttlMs: number | null): { ttlMs?: number } {
  return ttlMs === null ? {} : { ttlMs };
}

function wireError(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const code: unknown = Reflect.get(error, 'code');
  return { name: error.name, message: error.message, ...(typeof code === 'string' && { code }) };
}
