/**
 * Starts all services, keeps them running and stops them. `citibike up` starts this process detached. SIGTERM stops everything
 * and the supervisor; SIGHUP makes it read the desired services again and start missing ones.
 */
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { credentialsOf, supervisorEnvironment } from './environment.ts';
import { readJson, writeJson } from './json-file.ts';
import { layoutOf } from './stack-layout.ts';
import { SERVICE_NAMES, type ServiceName } from './service.ts';
import { createService } from './services/all.ts';
import { rotateLogs } from './service-logs.ts';
import { keepFilesPrivate } from './private-files.ts';
import { recordOf } from './processes.ts';
import type { DesiredServices, StackState } from './state.ts';
import { STOP_ORDER } from './stop-order.ts';
import { SupervisedService } from './supervised-service.ts';

/** Functions that create what a service must contain before others use it: buckets, tables, experiments, schedules. */
export type Provisioning = Partial<Record<ServiceName, (settings: Settings) => Promise<void>>>;

const ROTATE_EVERY_MS = 30_000;

/** Runs until a signal stops it. */
export async function supervise(settings: Settings, provisioning: Provisioning): Promise<void> {
  keepFilesPrivate();
  const supervisor = new Supervisor(settings, provisioning);
  const stop = () => void supervisor.shutDown();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  process.on('SIGHUP', () => void supervisor.startMissing());
  const { logs } = layoutOf(settings);
  const rotation = setInterval(() => rotateLogs(logs), ROTATE_EVERY_MS);
  await supervisor.boot();
  await supervisor.finished;
  clearInterval(rotation);
}

class Supervisor {
  readonly finished: Promise<void>;
  readonly #finish: () => void;
  readonly #settings: Settings;
  readonly #provisioning: Provisioning;
  readonly #layout: ReturnType<typeof layoutOf>;
  readonly #credentials: ReturnType<typeof credentialsOf>;
  readonly #services = new Map<ServiceName, SupervisedService>();
  readonly #starts = new Map<ServiceName, Promise<void>>();
  readonly #startedAt = new Date().toISOString();
  #phase: StackState['phase'] = 'starting';
  #failure: string | undefined;
  #shuttingDown = false;

  constructor(settings: Settings, provisioning: Provisioning) {
    this.#settings = settings;
    this.#provisioning = provisioning;
    this.#layout = layoutOf(settings);
    this.#credentials = credentialsOf(this.#layout);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#finish = resolve;
  }

  /** Starts all services or none: if one fails, stops everything and leaves the reason in the state. */
  async boot(): Promise<void> {
    try {
      await this.#startOrdered();
      this.#enter('up');
      this.#log('all services are ready');
    } catch (error) {
      if (this.#shuttingDown) return;
      this.#failure = messageOf(error);
      this.#log(this.#failure);
      await this.#stopAll();
      this.#enter('failed');
      process.exitCode = 1;
      this.#finish();
    }
  }

  /** Starts missing services without stopping running ones. A service that fails records the reason in the state. */
  async startMissing(): Promise<void> {
    if (this.#phase !== 'up') return;
    await this.#startOrdered().catch((error: unknown) => this.#log(messageOf(error)));
  }

  async shutDown(): Promise<void> {
    if (this.#shuttingDown) return;
    this.#enter('stopping');
    await this.#stopAll();
    this.#finish();
  }

  async #stopAll(): Promise<void> {
    this.#shuttingDown = true;
    this.#log('stopping all services');
    for (const tier of STOP_ORDER)
      await Promise.all(tier.flatMap((name) => this.#services.get(name)?.stop() ?? []));
    this.#log('all services are stopped');
  }

  #enter(phase: StackState['phase']): void {
    this.#phase = phase;
    this.#writeState();
  }

  async #startOrdered(): Promise<void> {
    const desired = readJson<DesiredServices>(this.#layout.desiredServices);
    if (!desired)
      throw new CitibikeError(
        'STACK',
        `${this.#layout.desiredServices} is missing: start with 'citibike up'`,
      );
    const starts = SERVICE_NAMES.filter((name) => desired.services.includes(name)).map((name) => {
      const phase = this.#services.get(name)?.state.phase;
      // Repeated starts are merged, and a service that exited is already being restarted.
      if (phase === undefined || phase === 'failed' || phase === 'stopped')
        this.#starts.set(name, this.#startAfterNeeds(this.#supervised(name, desired)));
      return this.#starts.get(name) ?? Promise.resolve();
    });
    await Promise.all(starts);
  }

  #supervised(name: ServiceName, desired: DesiredServices): SupervisedService {
    const known = this.#services.get(name);
    if (known) return known;
    const context = {
      settings: this.#settings,
      layout: this.#layout,
      software: desired.software,
      credentials: this.#credentials,
    };
    // The supervisor provisions only its own stack, so it ignores servers that the shell's settings name.
    const own = loadSettings(supervisorEnvironment(context));
    const made = new SupervisedService(createService(name, context), {
      logs: this.#layout.logs,
      provision: async () => this.#provisioning[name]?.(own),
      changed: () => this.#writeState(),
      log: (line) => this.#log(line),
    });
    this.#services.set(name, made);
    return made;
  }

  async #startAfterNeeds(supervised: SupervisedService): Promise<void> {
    // The caller must fill the map of starts first.
    await Promise.resolve();
    await Promise.all(supervised.service.needs.flatMap((need) => this.#starts.get(need) ?? []));
    if (!this.#shuttingDown) await supervised.start();
  }

  #writeState(): void {
    const supervisor = recordOf(process.pid);
    if (!supervisor) return;
    const services = Object.fromEntries([...this.#services].map(([name, { state }]) => [name, state]));
    const state: StackState = {
      supervisor,
      startedAt: this.#startedAt,
      ports: this.#settings.ports,
      phase: this.#phase,
      failure: this.#failure,
      services,
    };
    writeJson(this.#layout.state, state);
  }

  /** Writes to standard output, which is the supervisor's log. */
  #log(line: string): void {
    process.stdout.write(`${new Date().toISOString()} ${line}\n`);
  }
}
