/** Reads the facts of bike-share systems from `systems/<id>.yaml`, and from the folder of the setting SYSTEMS_DIR. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Check } from 'typebox/schema';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { assertFits, inputProblem, type InputProblem } from '../../contracts/input-problems.ts';
import { SystemFacts, SystemId } from '../../contracts/systems.ts';
import { readCsvLayouts } from '../rides/csv-layouts.ts';
import { readYaml } from '../yaml/read-yaml.ts';

const SHIPPED_DIR = path.join(import.meta.dirname, '..', '..', 'systems');
const ENDING = '.yaml';

/** Reads files each time, so that a new or changed system needs no restart. */
export interface Systems {
  /** @throws CitibikeError INVALID_INPUT if no file has the id, or its content is not valid. */
  get(id: string): Promise<SystemFacts>;
  /** Returns the ids of all systems in order, without reading the files. */
  ids(): Promise<readonly string[]>;
  /** Returns all systems in the order of their ids. @throws CitibikeError INVALID_INPUT on the first invalid file. */
  list(): Promise<readonly SystemFacts[]>;
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
    async list() {
      return Promise.all([...(await files())].map(([id, file]) => readSystem(id, file)));
    },
  };
}

async function filesIn(folder: string): Promise<[id: string, file: string][]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith(ENDING))
      .map((name) => [name.slice(0, -ENDING.length), path.join(folder, name)]);
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
  const { name, content } = await readYaml(file, 'the system');
  const layouts = Object.keys(await readCsvLayouts());
  assertFits(
    `the facts of the system in ${name} are`,
    SystemFacts,
    content,
    (facts) => problemsOf(facts, id, layouts),
    {
      file: name,
    },
  );
  return content;
}

/** Finds what no schema expresses. */
function problemsOf(facts: SystemFacts, id: string, layouts: readonly string[]): InputProblem[] {
  const problems: InputProblem[] = [];
  if (facts.id !== id || !Check(SystemId, id))
    problems.push(
      inputProblem('id', facts.id, `the name of the file, ${id}, in small letters, digits and -`),
    );
  if (!isTimeZone(facts.timeZone))
    problems.push(inputProblem('timeZone', facts.timeZone, 'a time zone of the IANA database'));
  facts.trips.layouts.forEach((layout, i) => {
    if (!layouts.includes(layout))
      problems.push(
        inputProblem(
          `trips.layouts.${i}`,
          layout,
          `a layout of inputs/csv-layouts.yaml: ${layouts.join(', ')}`,
        ),
      );
  });
  facts.trips.archives.forEach(({ name, months }, i) => {
    if (months === undefined && !name.includes('{YYYY}'))
      problems.push(
        inputProblem(`trips.archives.${i}.name`, name, '{YYYY} in the name, or months beside it'),
      );
  });
  return problems;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
