import { Command } from 'commander';
import { renewToken } from '../../adapters/postgres/console-tokens.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';

/** `citibike console-token`, `citibike console-token alice` */
export function consoleTokenCommand(): Command {
  return new Command('console-token')
    .description('Makes a token for the console, in place of the one of that name, and prints it once.')
    .argument('[name]', 'who acts with it; recorded with every action', 'operator')
    .action(async (name: string) => {
      if (!/^[\w.@-]{1,100}$/.test(name))
        throw new CitibikeError(
          'INVALID_INPUT',
          `name: got ${JSON.stringify(name)}, expected letters, digits and _ . @ -`,
        );
      const database = new Database(loadSettings().databaseUrl);
      try {
        process.stdout.write(`${await renewToken(database, name)}\n`);
      } finally {
        await database.close();
      }
    });
}
