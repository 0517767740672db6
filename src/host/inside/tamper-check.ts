interface Kept {
  readonly owner: object;
  readonly key: string;
  readonly name: string;
  readonly value: unknown;
}

const define = Reflect.defineProperty;
const ownNames = Object.getOwnPropertyNames;

/**
 * Notices when a service changed what all services of this host share: the globals, the methods
 * nearly every program uses, the prototypes' keys, the working directory.
 */
export class TamperCheck {
  readonly #kept: readonly Kept[];
  readonly #objectKeys = ownNames(Object.prototype).length;
  readonly #arrayKeys = ownNames(Array.prototype).length;
  #directoryWasChanged = false;

  constructor() {
    this.#kept = [...keptOf(globalThis, globalNames, ''), ...methodNames.flatMap(keptMethods)];
    const changeDirectory = process.chdir;
    const root = process.cwd();
    process.chdir = (directory) => {
      changeDirectory(directory);
      this.#directoryWasChanged = directory !== root;
    };
    this.#restoreDirectory = () => changeDirectory(root);
  }

  readonly #restoreDirectory: () => void;

  /** Puts back what was changed and says what it was; `undefined` when all is as it was. */
  check(): string | undefined {
    let changed = '';
    for (let index = 0; index < this.#kept.length; index += 1) {
      const kept = this.#kept[index];
      if (kept === undefined || presentValue(kept) === kept.value) continue;
      changed += `${changed === '' ? '' : ', '}${kept.name}`;
      restore(kept);
    }
    if (ownNames(Object.prototype).length !== this.#objectKeys) changed += ' Object.prototype';
    if (ownNames(Array.prototype).length !== this.#arrayKeys) changed += ' Array.prototype';
    if (this.#directoryWasChanged) {
      this.#directoryWasChanged = false;
      this.#restoreDirectory();
      changed += ' the working directory';
    }
    return changed === '' ? undefined : changed;
  }
}

const globalNames = [
  'Date',
  'Promise',
  'JSON',
  'Math',
  'Object',
  'Array',
  'String',
  'Number',
  'Map',
  'Set',
  'Error',
  'Symbol',
  'Reflect',
  'Buffer',
  'process',
  'console',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'URL',
  'AbortController',
];

const methodNames: readonly (readonly [object, string, readonly string[]])[] = [
  [JSON, 'JSON.', ['stringify', 'parse']],
  [Date, 'Date.', ['now']],
  [Promise, 'Promise.', ['resolve', 'all']],
  [Promise.prototype, 'Promise.prototype.', ['then', 'catch', 'finally']],
  [Array.prototype, 'Array.prototype.', ['push', 'map', 'filter', 'forEach', 'join', 'slice']],
  [String.prototype, 'String.prototype.', ['slice', 'indexOf', 'split', 'replace', 'trim']],
  [Map.prototype, 'Map.prototype.', ['get', 'set', 'has', 'delete']],
  [Object.prototype, 'Object.prototype.', ['toString', 'hasOwnProperty']],
  [Object, 'Object.', ['keys', 'entries', 'assign', 'defineProperty']],
  [process, 'process.', ['nextTick', 'cwd', 'on', 'emit']],
];

function keptMethods([owner, prefix, keys]: (typeof methodNames)[number]): readonly Kept[] {
  return keptOf(owner, keys, prefix);
}

function keptOf(owner: object, keys: readonly string[], prefix: string): readonly Kept[] {
  return keys.map((key) => ({
    owner,
    key,
    name: `${prefix}${key}`,
    value: (owner as Record<string, unknown>)[key],
  }));
}

function presentValue(kept: Kept): unknown {
  try {
    return (kept.owner as Record<string, unknown>)[kept.key];
  } catch {
    return undefined;
  }
}

function restore(kept: Kept): void {
  define(kept.owner, kept.key, {
    value: kept.value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}
