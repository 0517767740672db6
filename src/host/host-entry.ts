import { fileURLToPath } from 'node:url';

/** How a service host is started. */
export interface HostEntry {
  readonly url: URL;
  /** Node options that go before it. */
  readonly nodeOptions: readonly string[];
}

/**
 * The host's entry beside this file: TypeScript when jobsd runs from its source, and then services'
 * `import 'jobsd'` reaches the source too; `host-main.js` in a build.
 */
export function hostEntry(): HostEntry {
  const isSource = fileURLToPath(import.meta.url).endsWith('.ts');
  return {
    url: new URL(isSource ? './host-main.ts' : './host-main.js', import.meta.url),
    nodeOptions: isSource ? ['--conditions=jobsd-source'] : [],
  };
}
