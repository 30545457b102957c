import path from 'node:path';
import { Command } from 'commander';
import { CitibikeError } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';
import type { StackEnvironment } from '../../stack/environment.ts';
import { readJson } from '../../stack/json-file.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { shellQuote } from '../shell-quote.ts';
import { print } from '../print.ts';

/** `eval "$(npx citibike env)"` */
export function envCommand(): Command {
  return new Command('env')
    .description(
      'Prints the settings of the local stack as export lines. After eval "$(npx citibike env)", temporal, aws, mlflow and psql use the stack.',
    )
    .action(() => {
      const layout = layoutOf(loadSettings());
      const started = readJson<StackEnvironment>(layout.environment);
      if (!started?.DATABASE_READER_URL)
        throw new CitibikeError('STACK', "this version never started the stack: run 'citibike up' first");
      // Only 'citibike up' migrates, so a shell does not need the owner's password.
      const { DATABASE_OWNER_URL: _owner, ...known } = started;
      const lines = Object.entries({ ...known, ...forOthers(known) }).map(
        ([name, value]) => `export ${name}=${shellQuote(value)}`,
      );
      // The pinned temporal comes first. MLflow's folder comes last, because it also contains a python.
      lines.push(pathLine(layout.bin, (folder) => `${folder}:"$PATH"`));
      lines.push(pathLine(path.join(layout.mlflow, 'bin'), (folder) => `"$PATH":${folder}`));
      print(`${lines.join('\n')}\n`);
    });
}

/** Returns a line that the shell expands, so that evaluating it twice adds the folder once. */
function pathLine(folder: string, joined: (quoted: string) => string): string {
  const quoted = shellQuote(folder);
  return `case ":$PATH:" in *:${quoted}:*) ;; *) export PATH=${joined(quoted)} ;; esac`;
}

/** Returns the same settings under the names that other tools read. */
function forOthers(known: Omit<StackEnvironment, 'DATABASE_OWNER_URL'>): Record<string, string> {
  // psql defaults to the read-only role. To write, use: psql "$DATABASE_URL".
  const database = new URL(known.DATABASE_READER_URL);
  return {
    AWS_DEFAULT_REGION: known.AWS_REGION,
    PGHOST: database.hostname,
    PGPORT: database.port,
    PGUSER: database.username,
    PGPASSWORD: decodeURIComponent(database.password),
    PGDATABASE: database.pathname.slice(1),
  };
}
