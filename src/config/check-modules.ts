import { quote } from './describe-value.ts';
import { type Problem, valueSpot } from './problem.ts';
import type { ServiceDefinition } from './snapshot.ts';

/** What the disk says about a path inside the project root. */
export type ModuleFact = 'ok' | 'missing' | 'outside-root' | 'not-a-file';

/** Each service's module has to be a file inside the root, after links are followed. */
export function checkModules(
  services: Iterable<ServiceDefinition>,
  moduleFacts: (path: string) => ModuleFact,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { name, module, place } of services) {
    const words = isModuleName(module) ? complaints[moduleFacts(module)] : notAModule;
    if (words === undefined) continue;
    problems.push({
      rule: words.rule,
      message: `the module of service ${quote(name)} ${words.message}`,
      at: valueSpot(place.file, 'services', name, 'module'),
      help: words.help,
    });
  }
  return problems;
}

interface Complaint {
  readonly rule: string;
  readonly message: string;
  readonly help: string;
}

const complaints: Readonly<Record<ModuleFact, Complaint | undefined>> = {
  ok: undefined,
  missing: {
    rule: 'module-missing',
    message: 'is not there',
    help: 'Paths are relative to the project root, and carry their ending: `services/sync-data.ts`.',
  },
  'outside-root': {
    rule: 'module-outside-root',
    message: 'lies outside the project root',
    help: 'A module has to lie inside the project root, after links are followed.',
  },
  'not-a-file': {
    rule: 'module-not-a-file',
    message: 'is not a file',
    help: 'Name the file itself, with its ending: `services/sync-data.ts`.',
  },
};

const notAModule: Complaint = {
  rule: 'module-type',
  message: 'is neither TypeScript nor JavaScript',
  help: 'A module ends with .ts, .mts, .cts, .js, .mjs or .cjs.',
};

function isModuleName(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path) || !/\.\w+$/.test(path);
}
