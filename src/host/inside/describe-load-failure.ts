import type { ServiceEntry } from '../protocol.ts';
import { boundedError } from './bounded-error.ts';

/** What is wrong with a module that cannot be loaded, and the way out, in one or two sentences. */
export function describeLoadFailure(entry: ServiceEntry, path: string, cause: unknown): string {
  const { name, message, code } = boundedError(cause);
  const hint = hintFor(entry, path, name, code, message);
  return `${entry.module}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
}

function hintFor(
  entry: ServiceEntry,
  path: string,
  name: string,
  code: string | undefined,
  message: string,
): string | undefined {
  switch (code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return 'Node removes types, it does not compile: write constants instead of enums, modules instead of namespaces, and assignments instead of parameter properties.';
    case 'ERR_MODULE_NOT_FOUND':
    case 'ERR_UNSUPPORTED_DIR_IMPORT':
      return notFoundHint(path, message);
    case 'ERR_UNKNOWN_FILE_EXTENSION':
      return 'A service module ends in .ts, .mts, .js or .mjs.';
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
      return 'Packages under node_modules must come as JavaScript.';
  }
  if (name !== 'SyntaxError') return undefined;
  if (/Invalid or unexpected token/.test(message)) {
    return `If ${entry.module} uses decorators: Node cannot run them, take them out.`;
  }
  return undefined;
}

function notFoundHint(path: string, message: string): string {
  if (message.includes(`'${path}'`) && !message.includes(`imported from ${path}`)) {
    return 'The "module" of the service is a path from the project root.';
  }
  const missing = /Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1] ?? '';
  if (message.includes('Cannot find package')) return 'Install the package in the project.';
  if (/\.[cm]?[jt]s$/.test(missing)) return 'There is no such file.';
  return "Imports of the project's own files carry their ending, such as './name.ts'.";
}
