/** Defines the option `--system` of commands, with the known systems as choices. */
import { Option } from 'commander';
import { systemFiles, type Systems } from '../adapters/systems/system-files.ts';
import { loadSettings } from '../settings.ts';
import { printNote } from './print.ts';

/** Returns the shipped systems and those of the setting SYSTEMS_DIR. */
export function knownSystems(): Systems {
  return systemFiles(loadSettings().systemsDir);
}

/** Lists the systems, and notes those whose files are not valid. */
export function listSystems(): ReturnType<Systems['list']> {
  return knownSystems().list(({ message }) => printNote(`note: ${message}\n`));
}

/** Returns an option whose value is the id of a known system. */
export async function systemOption(description: string): Promise<Option> {
  return new Option('--system <id>', description).choices(await knownSystems().ids());
}
