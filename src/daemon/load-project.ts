import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Finding } from '../config/finding.ts';
import { type ResolvedEndpoint, resolveSecrets } from '../config/resolve-secrets.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { loadConfiguration } from '../source/load-configuration.ts';
import { type ModuleClosure, moduleClosure } from '../source/module-closure.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ProjectLocation {
  /** Absolute. */
  readonly root: string;
  /** Replace `jobs.yaml` and `jobs.d/` when given. */
  readonly paths?: readonly string[];
  readonly env: Environment;
}

/** All that a daemon needs of its files: the snapshot, the secrets it names, the code it runs. */
export interface Project {
  readonly snapshot: Snapshot;
  readonly endpoints: ReadonlyMap<string, ResolvedEndpoint>;
  /** Values to be removed from everything that is shown or kept. */
  readonly secrets: readonly string[];
  readonly modules: ModuleClosure;
  readonly warnings: readonly Finding[];
}

export type LoadResult =
  | { readonly ok: true; readonly project: Project }
  | { readonly ok: false; readonly findings: readonly Finding[] };

export async function loadProject(location: ProjectLocation): Promise<LoadResult> {
  const { root, paths, env } = location;
  const loaded = await loadConfiguration({ root, ...(paths === undefined ? {} : { paths }) });
  if (!loaded.ok) return loaded;
  const { snapshot } = loaded;
  const secrets = resolveSecrets(snapshot, { env: (name) => env[name], file: readSecretFile });
  if (!secrets.ok) return { ok: false, findings: [...loaded.findings, ...secrets.findings] };
  const files = [...snapshot.services.values()].map((service) => resolve(root, service.module));
  return {
    ok: true,
    project: {
      snapshot,
      endpoints: secrets.endpoints,
      secrets: secrets.secrets,
      modules: await moduleClosure(files),
      warnings: loaded.findings,
    },
  };
}

function readSecretFile(path: string): string | undefined {
  try {
    // Editors and `echo` end a file with a newline that is no part of the secret.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}
