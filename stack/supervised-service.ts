/** Supervises one service: starts it, waits until it is ready, restarts it when it exits, and stops it. */
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { lastLines, logFile, openLog } from './service-logs.ts';
import type { Service } from './service.ts';
import { killGroup, recordOf, stopProcess, type ProcessRecord } from './processes.ts';
import type { ServiceState } from './state.ts';
import { STOP_MANNER } from './stop-order.ts';

/** Sets the milliseconds before each restart. The first is immediate; a service that keeps exiting waits longer each time. */
const BACKOFF_MS = [100, 500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** Is the uptime in ms after which a service has recovered, and its next exit counts as the first. */
const RECOVERED_MS = 60_000;
const READY_POLL_MS = 100;

interface Run {
  readonly record: ProcessRecord;
  readonly startedAt: number;
  /** Offset in the log at which the output of this run begins. */
  readonly logOffset: number;
  /** Resolves with a description of the exit. */
  readonly ended: Promise<string>;
  end: string | undefined;
}

export interface ServiceHooks {
  readonly logs: string;
  /** Runs after each start, before the service counts as ready. */
  readonly provision: () => Promise<void>;
  readonly changed: () => void;
  readonly log: (line: string) => void;
}

export class SupervisedService {
  readonly service: Service;
  state: ServiceState = { phase: 'waiting', restarts: 0 };
  readonly #hooks: ServiceHooks;
  #run: Run | undefined;
  #stopping = false;
  #ends = 0;

  constructor(service: Service, hooks: ServiceHooks) {
    this.service = service;
    this.#hooks = hooks;
  }

  /**
   * Starts the service and waits until it is ready.
   * @throws CitibikeError STACK with the last lines of its output.
   */
  async start(): Promise<void> {
    this.#stopping = false;
    try {
      await this.#startOnce('starting');
    } catch (error) {
      await this.#stopRun();
      if (!this.#stopping) this.#set({ phase: 'failed', process: undefined, note: messageOf(error) });
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#stopRun();
    // A failed service keeps its phase, so that status still shows the failure.
    const phase = this.state.phase === 'failed' ? 'failed' : 'stopped';
    this.#set({ phase, process: undefined, since: undefined });
  }

  async #startOnce(phase: 'starting' | 'restarting'): Promise<void> {
    const begun = performance.now();
    this.#set({ phase });
    await this.service.prepare?.();
    if (this.#stopping)
      throw new CitibikeError('STACK', `${this.service.title} was stopped while it started`);
    const run = this.#spawn();
    this.#set({ process: run.record, since: new Date().toISOString() });
    await this.#untilReady(run);
    await this.#unlessItEnds(run, this.service.settle?.() ?? Promise.resolve());
    await this.#unlessItEnds(run, this.#hooks.provision());
    const readyAfterMs = Math.round(performance.now() - begun);
    this.#set({ phase: 'ready', readyAfterMs, note: undefined });
    this.#hooks.log(
      `${this.service.name} ready after ${(readyAfterMs / 1000).toFixed(1)} s, pid ${run.record.pid}`,
    );
    void run.ended.then((how) => this.#restart(run, how));
  }

  /**
   * Starts the service in its own process group, so that its children can be stopped with it. Its output goes straight to its
   * log.
   */
  #spawn(): Run {
    const { file, args, env, cwd, uid, gid } = this.service.command();
    const { descriptor, offset } = openLog(logFile(this.#hooks.logs, this.service.name));
    try {
      const child = spawn(file, args, {
        ...{ cwd, env, detached: true, stdio: ['ignore', descriptor, descriptor] },
        uid,
        gid,
      });
      const ended = new Promise<string>((resolve) => {
        child.once('error', (error) => resolve(`could not be started: ${error.message}`));
        child.once('exit', (code, signal) =>
          resolve(signal ? `was killed by ${signal}` : `exited with ${code}`),
        );
      });
      const record = (child.pid === undefined ? undefined : recordOf(child.pid)) ?? {
        pid: 0,
        identity: 'never ran',
      };
      const run: Run = { record, startedAt: performance.now(), logOffset: offset, ended, end: undefined };
      void ended.then((how) => (run.end = how));
      this.#run = run;
      return run;
    } finally {
      closeSync(descriptor);
    }
  }

  async #untilReady(run: Run): Promise<void> {
    const deadline = run.startedAt + this.service.startTimeoutMs;
    while (!(await this.service.isReady(run.record.pid))) {
      if (run.end !== undefined) throw this.#failure(run, run.end);
      if (performance.now() > deadline)
        throw this.#failure(run, `was not ready within ${this.service.startTimeoutMs / 1000} s`);
      await sleep(this.service.readyPollMs ?? READY_POLL_MS);
    }
    // Another process may have answered in its place.
    if (run.end !== undefined) throw this.#failure(run, run.end);
  }

  async #unlessItEnds(run: Run, work: Promise<void>): Promise<void> {
    const end = run.ended.then((how) => Promise.reject(this.#failure(run, how)));
    await Promise.race([work, end]);
  }

  #failure(run: Run, how: string): CitibikeError {
    const file = logFile(this.#hooks.logs, this.service.name);
    const words = lastLines(file, run.logOffset, 5).map((line) => `\n    ${line.slice(0, 300)}`);
    const said = words.length > 0 ? ` Its last lines:${words.join('')}` : ' It printed nothing.';
    return new CitibikeError('STACK', `${this.service.title} ${how}.${said}\n  Full log: ${file}`);
  }

  async #restart(run: Run, how: string): Promise<void> {
    if (this.#stopping || this.#run !== run) return;
    killGroup(run.record.pid);
    this.#ends = performance.now() - run.startedAt > RECOVERED_MS ? 0 : this.#ends;
    let end = how;
    while (!this.#stopping) {
      const wait = BACKOFF_MS[Math.min(this.#ends, BACKOFF_MS.length - 1)]!;
      this.#ends += 1;
      this.#hooks.log(`${this.service.name} ${end}; restarting it in ${wait / 1000} s`);
      this.#set({ phase: 'restarting', process: undefined, restarts: this.state.restarts + 1, note: end });
      await sleep(wait);
      if (this.#stopping) return;
      try {
        return await this.#startOnce('restarting');
      } catch (error) {
        await this.#stopRun();
        end = messageOf(error).split('\n')[0]!.replace(`${this.service.title} `, '');
      }
    }
  }

  async #stopRun(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    if (run && run.record.pid > 0) await stopProcess(run.record, STOP_MANNER[this.service.name]);
  }

  #set(change: Partial<ServiceState>): void {
    this.state = { ...this.state, ...change };
    this.#hooks.changed();
  }
}
