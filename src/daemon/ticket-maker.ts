import { createHash } from 'node:crypto';
import type { Change } from '../backend/backend.ts';
import type { Clock, Instant, Milliseconds } from '../clock/clock.ts';
import type { JobDefinition, JsonValue, ServiceDefinition } from '../config/snapshot.ts';
import type { RunRecord, Trigger } from '../dispatch/run.ts';
import {
  placeText,
  type RunDefinition,
  runDefinition,
  storedDefinition,
} from '../dispatch/run-definition.ts';
import { occurrenceId, requestedId } from '../dispatch/run-id.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import { ulid } from '../dispatch/ulid.ts';
import type { Occurrence } from '../schedule/take-up.ts';

/** A job's run definition with its content key, made once per snapshot and job. */
export interface KeyedDefinition {
  readonly definition: RunDefinition;
  readonly key: string;
}

export interface Request {
  readonly trigger: Trigger;
  readonly actor?: string;
  /** Replaces what the job declares as `extra`. */
  readonly payload?: JsonValue;
  /** Given by what must not be made twice; otherwise a new one is made. */
  readonly id?: string;
  /** The occurrence it stands for, when it stands for one. */
  readonly nominalAt?: Instant;
}

/** Time a service gets when nobody says otherwise. */
export const defaultServiceTimeoutMs: Milliseconds = 3_600_000;

/** Makes the first form of every run: who asked, what for, and by which definition. */
export class TicketMaker {
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly keys = new Map<string, string>();
  private readonly storedKeys = new Set<string>();
  private order = 0;
  revision = '';
  /** The project's git commit, if it has one. */
  commit: string | undefined;

  constructor(clock: Clock, random: () => number) {
    this.clock = clock;
    this.random = random;
  }

  keyed(job: JobDefinition): KeyedDefinition {
    return this.withKey(runDefinition(job));
  }

  private withKey(definition: RunDefinition): KeyedDefinition {
    const json = JSON.stringify(storedDefinition(definition));
    const known = this.keys.get(json);
    if (known !== undefined) return { definition, key: known };
    const key = createHash('sha256').update(json).digest('base64url').slice(0, 22);
    this.keys.set(json, key);
    return { definition, key };
  }

  /** Puts the definition into the ledger before the first run that refers to it. */
  store({ definition, key }: KeyedDefinition, changes: Change[]): void {
    if (this.storedKeys.has(key)) return;
    this.storedKeys.add(key);
    const json = JSON.stringify(storedDefinition(definition));
    changes.push({ kind: 'definition', key, json });
  }

  /** After a reload pruning may have taken definitions away: they are stored again when used. */
  forgetStored(): void {
    this.storedKeys.clear();
    this.keys.clear();
  }

  ofOccurrence(job: JobDefinition, keyed: KeyedDefinition, occurrence: Occurrence): Ticket {
    const { nominalAt, plannedAt, trigger, number } = occurrence;
    const run: RunRecord = {
      id: occurrenceId(job.name, nominalAt),
      ...this.common(job, keyed),
      trigger,
      nominalAt,
      number,
      plannedAt,
      ...payloadOf(job.extra),
    };
    return this.ticket(run, keyed.definition);
  }

  ofRequest(job: JobDefinition, keyed: KeyedDefinition, request: Request): Ticket {
    const now = this.clock.now();
    const run: RunRecord = {
      id: request.id ?? requestedId(job.name, 'manual', ulid(now, this.random)),
      ...this.common(job, keyed),
      trigger: request.trigger,
      ...(request.actor === undefined ? {} : { actor: request.actor }),
      ...(request.nominalAt === undefined ? {} : { nominalAt: request.nominalAt }),
      plannedAt: now,
      ...payloadOf(request.payload === undefined ? job.extra : request.payload),
    };
    return this.ticket(run, keyed.definition);
  }

  /**
   * A service asked for without a job: one attempt, no overlap policy. Puts the definition, which
   * holds its timeout, into `changes`. Built-in services are not declared.
   */
  ofService(
    service: string,
    declared: ServiceDefinition | undefined,
    request: Request,
    changes: Change[],
  ): Ticket {
    const now = this.clock.now();
    const timeoutMs = declared?.timeoutMs ?? defaultServiceTimeoutMs;
    const keyed = this.withKey(serviceDefinition(service, timeoutMs));
    this.store(keyed, changes);
    const run: RunRecord = {
      id: request.id ?? requestedId(service, 'invoke', ulid(now, this.random)),
      service,
      trigger: request.trigger,
      ...(request.actor === undefined ? {} : { actor: request.actor }),
      state: 'waiting',
      attempt: 0,
      plannedAt: now,
      ...this.origin,
      definition: keyed.key,
      ...(declared === undefined ? {} : { place: placeText(declared.place) }),
      ...payloadOf(request.payload ?? null),
    };
    return this.ticket(run, keyed.definition);
  }

  /** For the record that a job was asked for which is declared no more: nobody knows its service. */
  ofRemovedJob(job: string, request: Request, changes: Change[]): Ticket {
    const ticket = this.ofService('', undefined, request, changes);
    return { ...ticket, run: { ...ticket.run, job } };
  }

  /** A run read back from the ledger. */
  restored(run: RunRecord, definition: RunDefinition): Ticket {
    return this.ticket(run, definition);
  }

  private common(job: JobDefinition, keyed: KeyedDefinition) {
    return {
      job: job.name,
      service: job.service,
      state: 'waiting',
      attempt: 0,
      ...this.origin,
      definition: keyed.key,
      place: keyed.definition.place,
    } as const;
  }

  private get origin() {
    const { revision, commit } = this;
    return commit === undefined ? { revision } : { revision, commit };
  }

  private ticket(run: RunRecord, definition: RunDefinition): Ticket {
    this.order += 1;
    return { run, definition, order: this.order };
  }
}

/** The name under which runs of a service count that no job runs. No job has it: it holds a colon. */
export const nameOfService = (service: string) => `service:${service}`;

/** The name as people know it. */
export const bareName = (name: string) => name.replace(/^service:/, '');

/** What holds for a service that no job runs. */
export function serviceDefinition(service: string, timeoutMs: number): RunDefinition {
  return {
    name: nameOfService(service),
    type: 'manual',
    service,
    timeoutMs,
    graceMs: 5000,
    retry: { attempts: 1, delayMs: 0, backoff: 'constant', maxDelayMs: 0, onLost: false },
    overlap: 'allow',
    priority: 0,
    on: {},
    place: '',
  };
}

const payloadOf = (value: JsonValue) => (value === null ? {} : { payload: JSON.stringify(value) });
