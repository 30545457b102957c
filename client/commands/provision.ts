import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { tellFirstToken } from '../first-console-token.ts';
import { provisionAll } from '../provisioning.ts';
import { print } from '../print.ts';

/** Provisions services that run elsewhere; `up` does the same on the local ones. */
export function provisionCommand(): Command {
  return new Command('provision')
    .description(
      'Creates tables, grants, buckets, the MLflow experiment, the namespace and schedules on the servers that the settings name. Safe to run again.',
    )
    .action(async () => {
      const settings = loadSettings();
      const say = (line: string) => print(`${line}\n`);
      await provisionAll(settings, say);
      await tellFirstToken(settings.databaseOwnerUrl, say);
    });
}
