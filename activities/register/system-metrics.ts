/** Measures the load of the machine and of the trainer, under the prefix by which MLflow's UI finds system metrics. */
import { cpus, freemem, totalmem } from 'node:os';

/** Counts the bytes of the megabytes in MLflow's names. */
const MEGABYTE = 1e6;

/** Resources that a trainer process has used. */
export interface TrainerUsage {
  /** Processor time since the start of the process, in milliseconds. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

export class SystemMetrics {
  #machine = processorTimes();
  #trainer: { readonly cpuMs: number; readonly at: number } | undefined;

  /**
   * Returns values by name. Shares of processors are means since the last call. The machine has at most 100 %, as in MLflow, and the
   * trainer has 100 % per busy core.
   * @param trainer what the trainer reported last, at the time `at` in milliseconds.
   */
  sample(trainer: (TrainerUsage & { readonly at: number }) | undefined): Record<string, number> {
    const before = this.#machine;
    const now = processorTimes();
    this.#machine = now;
    const total = now.total - before.total;
    const used = totalmem() - freemem();
    return {
      ...(total > 0
        ? { 'system/cpu_utilization_percentage': (1 - (now.idle - before.idle) / total) * 100 }
        : {}),
      'system/system_memory_usage_megabytes': used / MEGABYTE,
      'system/system_memory_usage_percentage': (used / totalmem()) * 100,
      ...(trainer ? this.#ofTrainer(trainer) : {}),
    };
  }

  #ofTrainer({ cpuMs, memoryBytes, at }: TrainerUsage & { readonly at: number }): Record<string, number> {
    const before = this.#trainer;
    this.#trainer = { cpuMs, at };
    return {
      ...(before && at > before.at
        ? { 'system/trainer_cpu_percentage': ((cpuMs - before.cpuMs) / (at - before.at)) * 100 }
        : {}),
      'system/trainer_memory_megabytes': memoryBytes / MEGABYTE,
    };
  }
}

function processorTimes(): { readonly idle: number; readonly total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}
