import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { JobsdError } from '../../errors.ts';
import type { ServiceEntry } from '../protocol.ts';
import { describeLoadFailure } from './describe-load-failure.ts';

/** A service's class: anything that can be constructed and has `handle`. */
export type ServiceClass = new () => object;

/** Marks the time in which loading holds the thread. */
export type WhileLoading = <T>(load: () => Promise<T>) => Promise<T>;

/** Loads service modules, each once for the life of this host: a changed module needs a new host. */
export class ServiceLoader {
  readonly #root: string;
  readonly #whileLoading: WhileLoading;
  readonly #entries: Record<string, ServiceEntry> = Object.create(null);
  readonly #loaded: Record<string, ServiceClass> = Object.create(null);
  readonly #loading: Record<string, Promise<ServiceClass>> = Object.create(null);

  constructor(root: string, entries: readonly ServiceEntry[], whileLoading: WhileLoading) {
    this.#root = root;
    this.#whileLoading = whileLoading;
    for (const entry of entries) this.#entries[entry.name] = entry;
  }

  entry(name: string): ServiceEntry | undefined {
    return this.#entries[name];
  }

  /** The class when it is there, else a promise of it that rejects with JOBSD_SERVICE_*. */
  load(name: string): ServiceClass | Promise<ServiceClass> {
    const loaded = this.#loaded[name];
    if (loaded !== undefined) return loaded;
    this.#loading[name] ??= this.#whileLoading(() => this.#import(name));
    return this.#loading[name];
  }

  async #import(name: string): Promise<ServiceClass> {
    const entry = this.#entries[name];
    if (entry === undefined) throw new JobsdError('JOBSD_SERVICE_NOT_FOUND', `"${name}"`);
    const path = resolve(this.#root, entry.module);
    let module: Record<string, unknown>;
    try {
      module = await import(pathToFileURL(path).href);
    } catch (cause) {
      const detail = describeLoadFailure(entry, path, cause);
      throw new JobsdError('JOBSD_SERVICE_UNLOADABLE', detail, { cause });
    }
    const found = serviceClass(entry, module);
    this.#loaded[name] = found;
    return found;
  }
}

/** Looks at the shape, never at `instanceof`: the project's `Service` may be another copy of it. */
function serviceClass(entry: ServiceEntry, module: Record<string, unknown>): ServiceClass {
  const found = module[entry.export];
  if (found === undefined) {
    const names = Object.keys(module).map((name) => `"${name}"`);
    const has = names.length === 0 ? 'It exports nothing.' : `It exports ${names.join(', ')}.`;
    throw unloadable(`${entry.module} has no export "${entry.export}". ${has}`);
  }
  if (
    typeof found !== 'function' ||
    typeof found.prototype !== 'object' ||
    found.prototype === null
  ) {
    throw unloadable(
      `The export "${entry.export}" of ${entry.module} must be a class that extends Service.`,
    );
  }
  if (typeof found.prototype.handle !== 'function') {
    throw unloadable(`The class "${found.name}" in ${entry.module} has no method "handle".`);
  }
  return found as ServiceClass;
}

function unloadable(detail: string): JobsdError {
  return new JobsdError('JOBSD_SERVICE_UNLOADABLE', detail);
}
