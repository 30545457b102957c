import path from 'node:path';
import { Command } from 'commander';
import { CitibikeError } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';
import { credentialsOf, stackEnvironment } from '../../stack/environment.ts';
import { asStarted, readState } from '../../stack/instance.ts';
import { layoutOf } from '../../stack/layout.ts';
import { shellQuote } from '../shell-quote.ts';

/** `eval "$(npx citibike env)"` */
export function envCommand(): Command {
  return new Command('env')
    .description(
      'Prints the settings of the local stack as export lines, so that temporal, aws, mlflow and psql work on it after: eval "$(npx citibike env)"',
    )
    .action(() => {
      const settings = loadSettings();
      const layout = layoutOf(settings);
      const state = readState(layout);
      if (!state) throw new CitibikeError('STACK', "the stack was never started: run 'citibike up' first");
      const known = stackEnvironment(asStarted(settings, state), credentialsOf(layout));
      const lines = Object.entries({ ...known, ...forOthers(known) }).map(
        ([name, value]) => `export ${name}=${shellQuote(value)}`,
      );
      // The pinned temporal first; MLflow's folder last, because it holds a python too.
      lines.push(pathLine(layout.bin, (folder) => `${folder}:"$PATH"`));
      lines.push(pathLine(path.join(layout.mlflow, 'bin'), (folder) => `"$PATH":${folder}`));
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}

/** Expanded by the shell that reads it, and so that a second time adds nothing. */
function pathLine(folder: string, joined: (quoted: string) => string): string {
  const quoted = shellQuote(folder);
  return `case ":$PATH:" in *:${quoted}:*) ;; *) export PATH=${joined(quoted)} ;; esac`;
}

/** Names that other tools read for the same. */
function forOthers(known: Readonly<Record<string, string>>): Record<string, string> {
  const database = new URL(known['DATABASE_URL'] ?? '');
  return {
    AWS_DEFAULT_REGION: known['AWS_REGION'] ?? '',
    PGHOST: database.hostname,
    PGPORT: database.port,
    PGUSER: database.username,
    PGPASSWORD: decodeURIComponent(database.password),
    PGDATABASE: database.pathname.slice(1),
  };
}
