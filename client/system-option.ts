/** Defines the option `--system` of commands, with the known systems as choices. */
import { Option } from 'commander';
import { systemFiles, type Systems } from '../adapters/systems/system-files.ts';
import { loadSettings } from '../settings.ts';

/** Returns the shipped systems and those of the setting SYSTEMS_DIR. */
export function knownSystems(): Systems {
  return systemFiles(loadSettings().systemsDir);
}

/** Returns an option whose value is the id of a known system. */
export async function systemOption(description: string): Promise<Option> {
  return new Option('--system <id>', description).choices(await knownSystems().ids());
}
