/** Reads the facts of bike-share systems from `systems/<id>.yaml`, and from the folder of the setting SYSTEMS_DIR. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { assertFits } from '../../contracts/input-problems.ts';
import { SystemFacts } from '../../contracts/systems.ts';
import { readCsvLayouts } from '../rides/csv-layouts.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { systemProblems } from './system-problems.ts';

const SHIPPED_DIR = path.join(import.meta.dirname, '..', '..', 'systems');
const ENDING = '.yaml';

/** Reads files each time, so that a new or changed system needs no restart. */
export interface Systems {
  /** @throws CitibikeError INVALID_INPUT if no file has the id, or its content is not valid. */
  get(id: string): Promise<SystemFacts>;
  /** Returns the ids of all systems in order, without reading the files. */
  ids(): Promise<readonly string[]>;
  /**
   * Returns all systems in the order of their ids.
   * @param onInvalid is told of each invalid file, whose system is left out. Default: throws the first error.
   * @throws CitibikeError INVALID_INPUT
   */
  list(onInvalid?: (error: CitibikeError) => void): Promise<readonly SystemFacts[]>;
}

/** @param own folder with systems of the user. A file of a shipped system's name replaces that system. */
export function systemFiles(own?: string): Systems {
  const folders = own === undefined ? [SHIPPED_DIR] : [SHIPPED_DIR, own];
  const files = async (): Promise<Map<string, string>> => {
    const found = await Promise.all(folders.map(filesIn));
    return new Map(found.flat().sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return {
    async get(id) {
      const known = await files();
      const file = known.get(id);
      if (file) return readSystem(id, file);
      throw new CitibikeError(
        'INVALID_INPUT',
        `system: got ${JSON.stringify(id)}, expected one of ${[...known.keys()].join(', ')}. Add a file ${id}${ENDING} ` +
          'to the folder of the setting SYSTEMS_DIR for a system of your own.',
        { system: id },
      );
    },
    async ids() {
      return [...(await files()).keys()];
    },
    async list(onInvalid) {
      const read = [...(await files())].map(([id, file]) => readSystem(id, file));
      const systems: SystemFacts[] = [];
      for (const result of await Promise.allSettled(read)) {
        if (result.status === 'fulfilled') systems.push(result.value);
        else if (onInvalid && result.reason instanceof CitibikeError) onInvalid(result.reason);
        else throw result.reason;
      }
      return systems;
    },
  };
}

async function filesIn(folder: string): Promise<[id: string, file: string][]> {
  try {
    const names = await readdir(folder);
    return (
      names
        // Editors and macOS keep hidden files beside the visible ones.
        .filter((name) => name.endsWith(ENDING) && !name.startsWith('.'))
        .map((name) => [name.slice(0, -ENDING.length), path.join(folder, name)])
    );
  } catch (error) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `systems: the folder ${folder} cannot be read: ${messageOf(error)}`,
      { folder },
      { cause: error },
    );
  }
}

async function readSystem(id: string, file: string): Promise<SystemFacts> {
  const { name, content, lineOf } = await readYaml(file, 'the system');
  const layouts = Object.keys(await readCsvLayouts());
  assertFits(
    `the facts of the system in ${name} are`,
    SystemFacts,
    content,
    (facts) => systemProblems(facts, id, layouts),
    { file: name },
    lineOf,
  );
  return content;
}
