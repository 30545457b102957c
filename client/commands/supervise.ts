import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { supervise } from '../../stack/supervisor.ts';
import { PROVISIONING } from '../provisioning.ts';

/** Runs the supervisor; `up` starts it in the background. */
export function superviseCommand(): Command {
  return new Command('supervise').action(async () => {
    await supervise(loadSettings(), PROVISIONING);
    // Clients of the stopped services may still hold connections, which would keep the process alive.
    process.exit();
  });
}
