import { Command } from 'commander';
import { createApiKey, readApiKeys, revokeApiKey } from '../../adapters/api-keys/api-key-file.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { loadSettings, type Settings } from '../../settings.ts';
import { withLock } from '../../stack/lock.ts';
import { auditedCommand } from '../audited-command.ts';
import { print } from '../print.ts';

const MAX_REQUESTS_PER_SECOND = 9_999_999;

/** `citibike api-key create mobile-app --requests-per-second 50`, `citibike api-key list`, `citibike api-key revoke mobile-app` */
export function apiKeyCommand(): Command {
  const command = new Command('api-key').description(
    'Manages the API keys of the prediction service, in the file INFERENCE_API_KEYS_FILE. The service applies changes within seconds.',
  );
  command
    .command('create')
    .description('Creates a key and prints it once; the file stores only its hash.')
    .argument('<name>', 'name of the caller')
    .option('--requests-per-second <n>', 'maximum requests per second', wholeNumber)
    .action(async (name: string, { requestsPerSecond }: { requestsPerSecond?: number }) => {
      const key = await onRecord('create', name, (file) => createApiKey(file, name, requestsPerSecond));
      print(`${key}\n`);
    });
  command
    .command('list')
    .description('Lists the names of the keys and their limits.')
    .action(async () => {
      const keys = await readApiKeys(keysFile(loadSettings()));
      if (keys.length === 0) print('No keys. Create one: citibike api-key create NAME\n');
      for (const { name, requestsPerSecond } of keys) {
        const limit =
          requestsPerSecond === undefined ? 'no limit' : `${requestsPerSecond} requests per second`;
        print(`${name.padEnd(24)} ${limit}\n`);
      }
    });
  command
    .command('revoke')
    .description('Removes a key; the service rejects it within seconds.')
    .argument('<name>', 'name of the key')
    .action(async (name: string) => {
      await onRecord('revoke', name, (file) => revokeApiKey(file, name));
      print(`Revoked ${name}.\n`);
    });
  return command;
}

async function onRecord<T>(verb: string, name: string, work: (file: string) => Promise<T>): Promise<T> {
  const settings = loadSettings();
  const file = keysFile(settings);
  return auditedCommand(settings, { action: `citibike api-key ${verb}`, target: name }, () =>
    // Two concurrent edits would overwrite each other's change.
    withLock(
      `${file}.lock`,
      () => undefined,
      () => work(file),
    ),
  );
}

/** @throws CitibikeError BAD_SETTING if the setting is missing. */
function keysFile({ inference: { apiKeysFile } }: Settings): string {
  if (apiKeysFile !== undefined) return apiKeysFile;
  throw new CitibikeError(
    'BAD_SETTING',
    'INFERENCE_API_KEYS_FILE is not set, so the prediction service needs no keys. Set it to a file (in .env or the environment) for this command and for the service, then restart the service once',
  );
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MAX_REQUESTS_PER_SECOND) return value;
  throw new CitibikeError(
    'INVALID_INPUT',
    `--requests-per-second: got ${showValue(text)}, expected a whole number from 1 to ${MAX_REQUESTS_PER_SECOND}`,
  );
}
