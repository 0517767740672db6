import type { Backend } from '../backend/backend.ts';
import type { Clock } from '../clock/clock.ts';
import { isBuiltInService } from '../config/built-in-services.ts';
import type { RunId } from '../dispatch/run.ts';
import type { Executor, ExecutorEvents } from '../host/executor.ts';
import { type HostPool, openHostPool } from '../host/host-pool.ts';
import { createBuiltInExecutor } from '../service/built-in-executor.ts';
import type { Telemetry } from '../telemetry/events.ts';
import { createRedactor } from '../telemetry/redactor.ts';
import type { StatusView } from './control.ts';
import type { Engine } from './engine.ts';
import type { Project } from './load-project.ts';
import { RoutedExecutor } from './routed-executor.ts';

export interface ExecutorsOptions {
  readonly root: string;
  readonly clock: Clock;
  readonly backend: Backend;
  readonly telemetry: Telemetry;
  /** The engine that the executors report to; it is made after them. */
  readonly engine: () => Engine;
}

export interface Executors {
  readonly executor: Executor;
  readonly isInline: (service: string) => boolean;
  readonly hosts: () => StatusView['hosts'];
  /** Starts a pool for this project and puts it in force; runs under way finish in the old one. */
  replaceHosts(project: Project): Promise<void>;
}
