import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { supervise } from '../../stack/supervisor.ts';
import { PROVISIONING } from '../provision.ts';

/** What `up` starts in the background. */
export function superviseCommand(): Command {
  return new Command('supervise').action(async () => {
    await supervise(loadSettings(), PROVISIONING);
    // Clients of the services may still hold connections to what is gone.
    process.exit();
  });
}
