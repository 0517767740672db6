import type { Backend } from '../backend/backend.ts';
import type { Instant } from '../clock/clock.ts';
import { countAll } from '../config/first-alike.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { version } from '../version.ts';
import type { StatusView } from './control.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { ProjectLocation } from './load-project.ts';
import type { Reloader } from './reloader.ts';

export interface StatusFacts {
  readonly parts: {
    readonly location: ProjectLocation;
    readonly backend: Backend;
    readonly statePath: string;
    readonly startedAt: Instant;
  };
  readonly snapshot: Snapshot;
  readonly state: StatusView['state'];
  readonly reloader: Reloader;
  readonly lastReloadAt: Instant;
  readonly dispatcher: Dispatcher;
  readonly hosts: StatusView['hosts'];
  readonly trouble: string | undefined;
}

/** The daemon as `jobsd status` shows it. */
export function daemonStatus(facts: StatusFacts): StatusView {
  const { parts, snapshot, reloader, dispatcher } = facts;
  return {
    pid: process.pid,
    version,
    node: process.version,
    tzdata: process.versions.tz ?? 'unknown',
    startedAt: iso(parts.startedAt),
    state: facts.state,
    root: parts.location.root,
    backend: parts.backend.kind,
    statePath: parts.statePath,
    revision: snapshot.revision,
    lastReload: {
      at: iso(facts.lastReloadAt),
      ok: reloader.last.ok,
      findings: countAll(reloader.last.findings),
    },
    reloads: reloader.count,
    jobs: snapshot.jobs.size,
    services: snapshot.services.size,
    endpoints: snapshot.endpoints.size,
    waiting: dispatcher.waitingCount,
    running: dispatcher.runningCount,
    hosts: facts.hosts,
    ...(facts.trouble === undefined ? {} : { trouble: facts.trouble }),
  };
}

const iso = (at: Instant) => new Date(at).toISOString();
