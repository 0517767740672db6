import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Instant } from '../clock/clock.ts';
import type { Finding } from '../config/finding.ts';
import type { ParseCache } from '../config/parse-files.ts';
import { type ResolvedEndpoint, resolveSecrets } from '../config/resolve-secrets.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Rest } from '../config/steps.ts';
import { gitCommit } from '../source/git-commit.ts';
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
  /** The files that secrets were read from, absolute. */
  readonly secretFiles: readonly string[];
  readonly modules: ModuleClosure;
  /** The project's git commit, if it has one. */
  readonly commit?: string;
  readonly warnings: readonly Finding[];
}

export type LoadResult =
  | { readonly ok: true; readonly project: Project }
  | {
      readonly ok: false;
      readonly findings: readonly Finding[];
      /** Of a project that lacks secrets: when one of these comes, it may be whole. */
      readonly secretFiles?: readonly string[];
    };

/**
 * Reads everything anew; what is in `cache` and has not changed is not parsed again. With `rest`
 * others have their turn meanwhile.
 */
export async function loadProject(
  location: ProjectLocation,
  now: Instant,
  cache?: ParseCache,
  rest?: Rest,
): Promise<LoadResult> {
  const { root, paths, env } = location;
  const loaded = await loadConfiguration({
    root,
    now,
    ...(paths === undefined ? {} : { paths }),
    ...(cache === undefined ? {} : { cache }),
    ...(rest === undefined ? {} : { rest }),
  });
  if (!loaded.ok) return loaded;
  const { snapshot } = loaded;
  const secretFiles = new Set<string>();
  const secrets = resolveSecrets(snapshot, {
    env: (name) => env[name],
    file(path) {
      secretFiles.add(resolve(path));
      return readSecretFile(path);
    },
  });
  if (!secrets.ok) {
    const findings = [...loaded.findings, ...secrets.findings];
    return { ok: false, findings, secretFiles: [...secretFiles] };
  }
  const files = [...snapshot.services.values()].map((service) => resolve(root, service.module));
  const modules = await moduleClosure(files);
  const commit = await gitCommit(root, [...sourcePaths(location), ...modules.files]);
  return {
    ok: true,
    project: {
      snapshot,
      endpoints: secrets.endpoints,
      secrets: secrets.secrets,
      secretFiles: [...secretFiles],
      modules,
      ...(commit === undefined ? {} : { commit }),
      warnings: loaded.findings,
    },
  };
}

/** Where the configuration is looked for, absolute. */
export function sourcePaths({ root, paths }: ProjectLocation): string[] {
  return (paths ?? ['jobs.yaml', 'jobs.d']).map((path) => resolve(root, path));
}

function readSecretFile(path: string): string | undefined {
  try {
    // Editors and `echo` end a file with a newline that is no part of the secret.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}
