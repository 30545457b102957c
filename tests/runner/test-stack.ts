import path from 'node:path';
import { PROJECT_DIR, instanceDirOf } from '../../settings.ts';
import { TEMPORARY_FOLDERS } from '../fixtures/temporary-folders.ts';
import { freeOffset } from '../free-offset.ts';
import { execute } from './execute.ts';
import { report, secondsSince, type SuiteOutcome } from './suite-outcome.ts';
import { ownStackEnv } from './own-stack-env.ts';

/** Starts a stack for tests at free ports, and deletes its data before and after. */
export class TestStack {
  readonly env: NodeJS.ProcessEnv;
  readonly logs: string;
  readonly #name: string;

  private constructor(name: string, offset: number, env: NodeJS.ProcessEnv) {
    this.#name = name;
    this.logs = path.join(instanceDirOf('.stack', offset), 'logs');
    this.env = {
      ...ownStackEnv(env, offset),
      // The stack's worker must read and write the temporary files of tests.
      SOURCE_ALLOW: TEMPORARY_FOLDERS,
      OUTPUT_ALLOW: TEMPORARY_FOLDERS,
    };
  }

  /** @param firstOffset the lowest port offset to try. */
  static async at(name: string, firstOffset: number, env: NodeJS.ProcessEnv): Promise<TestStack> {
    return new TestStack(name, await freeOffset(firstOffset), env);
  }

  async start(): Promise<SuiteOutcome> {
    const startedAt = Date.now();
    await this.remove();
    const started = (await this.#citibike('up')) === 0;
    return report({
      name: this.#name,
      seconds: secondsSince(startedAt),
      passed: started ? 1 : 0,
      failed: started ? 0 : 1,
      skipped: 0,
      failures: started ? [] : [`${this.#name} did not start: see its output above`],
    });
  }

  async remove(): Promise<void> {
    await this.#citibike('reset', '--yes');
  }

  #citibike(...args: string[]): Promise<number> {
    const file = path.join(PROJECT_DIR, 'client', 'bin.mjs');
    return execute(process.execPath, [file, ...args], { env: this.env });
  }
}
