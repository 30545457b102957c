/** Creates a compose project for the tests of a file, skips them where that is impossible, and deletes the project afterwards. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { ComposeProject, MissingImage, type ProjectOptions } from './compose-project.ts';
import { ENGINE_PROBLEM } from './engine.ts';
import { fillData, Lifecycles } from './lifecycles.ts';

export interface UsedProject {
  project: ComposeProject;
  lifecycles: Lifecycles;
}

/** @param prepare returns the options of the project, or the reason why its tests are skipped. */
export function useProject(part: string, prepare: () => Promise<ProjectOptions | string>): UsedProject {
  let problem = ENGINE_PROBLEM;
  const used = {} as UsedProject;
  beforeAll(async () => {
    if (problem !== undefined) return;
    const options = await prepare();
    if (typeof options === 'string') return void (problem = options);
    try {
      used.project = await ComposeProject.create(part, options);
    } catch (error) {
      if (!(error instanceof MissingImage)) throw error;
      return void (problem = error.message);
    }
    await fillData(used.project);
    await used.project.build();
    used.lifecycles = new Lifecycles(used.project);
  });
  beforeEach(({ skip }) => skip(problem !== undefined, problem));
  afterAll(async () => {
    await used.lifecycles?.close();
    await used.project?.remove();
  });
  return used;
}

/** Prints a measurement. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
