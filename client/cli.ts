/** Defines the `citibike` command line. A new command is a file in commands/ and a line in COMMANDS. */
import { Command, CommanderError } from 'commander';
import { CitibikeError, framesOf, messageOf } from '../contracts/errors.ts';
import { print, printNote } from './print.ts';

interface CommandEntry {
  /** One line for `citibike --help`. */
  readonly summary: string;
  /** Imports the command only when it is called, because its imports would slow down all other commands. */
  readonly load: () => Promise<Command>;
  /** Omits the command from the help. */
  readonly hidden?: true;
}

/** Commands in the order of the help. */
const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  up: {
    summary: 'install what is missing and start the local stack',
    load: async () => (await import('./commands/up.ts')).upCommand(),
  },
  down: {
    summary: 'stop the local stack and keep its data',
    load: async () => (await import('./commands/down.ts')).downCommand(),
  },
  status: {
    summary: 'show which services of the local stack run, and where',
    load: async () => (await import('./commands/status.ts')).statusCommand(),
  },
  doctor: {
    summary: 'check what the local stack needs on this machine',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
  reset: {
    summary: 'stop the local stack and delete its data',
    load: async () => (await import('./commands/reset.ts')).resetCommand(),
  },
  backup: {
    summary: 'save the data of the local stack in one file',
    load: async () => (await import('./commands/backup.ts')).backupCommand(),
  },
  restore: {
    summary: 'replace the data of the local stack by those of a backup',
    load: async () => (await import('./commands/restore.ts')).restoreCommand(),
  },
  upgrade: {
    summary: 'move the local stack to this version',
    load: async () => (await import('./commands/upgrade.ts')).upgradeCommand(),
  },
  env: {
    summary: 'print the settings of the local stack as export lines for a shell',
    load: async () => (await import('./commands/env.ts')).envCommand(),
  },
  demo: {
    summary: 'start everything, run a whole lifecycle and show the result',
    load: async () => (await import('./commands/demo.ts')).demoCommand(),
  },
  run: {
    summary: 'start a workflow and follow it to its end',
    load: async () => (await import('./commands/run.ts')).runCommand(),
  },
  runs: {
    summary: 'list runs, or show one with its steps and why it failed',
    load: async () => (await import('./commands/runs.ts')).runsCommand(),
  },
  logs: {
    summary: 'show what a step of a run logged',
    load: async () => (await import('./commands/logs.ts')).logsCommand(),
  },
  lineage: {
    summary: 'show what an artifact or a version was made from, back to the archives',
    load: async () => (await import('./commands/lineage.ts')).lineageCommand(),
  },
  models: {
    summary: 'list the versions of a model with aliases, metrics and the decision on each',
    load: async () => (await import('./commands/models.ts')).modelsCommand(),
  },
  approve: {
    summary: 'approve or reject a promotion that waits for a person',
    load: async () => (await import('./commands/approve.ts')).approveCommand(),
  },
  rollback: {
    summary: 'roll back to the version before, or to a named one',
    load: async () => (await import('./commands/rollback.ts')).rollbackCommand(),
  },
  predict: {
    summary: 'predict one hour, or every hour of a file',
    load: async () => (await import('./commands/predict.ts')).predictCommand(),
  },
  forecast: {
    summary: 'show the trips of the next hours as a chart, with the weather of each day',
    load: async () => (await import('./commands/forecast.ts')).forecastCommand(),
  },
  preprocess: {
    summary: 'turn trip archives into hours, without a server',
    load: async () => (await import('./commands/preprocess.ts')).preprocessCommand(),
  },
  evaluate: {
    summary: 'score a model on past hours, without a server',
    load: async () => (await import('./commands/evaluate.ts')).evaluateCommand(),
  },
  drift: {
    summary: 'compare two files column by column, without a server',
    load: async () => (await import('./commands/drift.ts')).driftCommand(),
  },
  decisions: {
    summary: 'show what drift checks decided, why, and what followed',
    load: async () => (await import('./commands/decisions.ts')).decisionsCommand(),
  },
  explore: {
    summary: 'write an exploratory report of demand as one HTML file',
    load: async () => (await import('./commands/explore.ts')).exploreCommand(),
  },
  stations: {
    summary: 'show which stations lose and gain bikes at an hour of the day',
    load: async () => (await import('./commands/stations.ts')).stationsCommand(),
  },
  systems: {
    summary: 'list the bike-share systems with ingested months and champions',
    load: async () => (await import('./commands/systems.ts')).systemsCommand(),
  },
  quality: {
    summary: 'show what the quality gate found in the newest months',
    load: async () => (await import('./commands/quality.ts')).qualityCommand(),
  },
  sample: {
    summary: 'write the synthetic system to a folder',
    load: async () => (await import('./commands/sample.ts')).sampleCommand(),
  },
  notify: {
    summary: 'check the webhook with a test event',
    load: async () => (await import('./commands/notify.ts')).notifyCommand(),
  },
  schedules: {
    summary: 'list schedules, when they start next, and what they started',
    load: async () => (await import('./commands/schedules.ts')).schedulesCommand(),
  },
  workers: {
    summary: 'show builds of the workers, and choose which starts new runs',
    load: async () => (await import('./commands/workers.ts')).workersCommand(),
  },
  s3: {
    summary: 'list what is in S3',
    load: async () => (await import('./commands/s3.ts')).s3Command(),
  },
  sql: {
    summary: 'query the monitoring database',
    load: async () => (await import('./commands/sql.ts')).sqlCommand(),
  },
  'console-token': {
    summary: 'create, list and revoke tokens of the console',
    load: async () => (await import('./commands/console-token.ts')).consoleTokenCommand(),
  },
  'api-key': {
    summary: 'create, list and revoke keys of the prediction service',
    load: async () => (await import('./commands/api-key.ts')).apiKeyCommand(),
  },
  provision: {
    summary: 'create tables, buckets, experiment and schedules where the settings point',
    load: async () => (await import('./commands/provision.ts')).provisionCommand(),
  },
  supervise: {
    summary: 'keep the local stack running; started by up',
    load: async () => (await import('./commands/supervise.ts')).superviseCommand(),
    hidden: true,
  },
};

/** Runs one command line; sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    const program = await createProgram(argv.slice(2));
    await program.parseAsync(argv);
  } catch (error) {
    reportError(error);
    process.exitCode = 1;
  }
}

/** Loads every command that the help shows, for the reference in docs/cli.md. */
export function loadCommands(): Promise<Command[]> {
  const shown = Object.values(COMMANDS).filter(({ hidden }) => hidden !== true);
  return Promise.all(shown.map(async ({ summary, load }) => (await load()).summary(summary)));
}

async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('citibike')
    .description('Manages the life cycle of demand models for bike-share systems.')
    .showSuggestionAfterError();
  const called = commandIn(args);
  for (const [name, { summary, load, hidden }] of Object.entries(COMMANDS)) {
    const command = name === called ? await load() : new Command(name).description(summary);
    program.addCommand(command.summary(summary), { hidden: hidden ?? false });
  }
  // `citibike complete bash` prints a script for the shell. The script then calls `citibike complete -- runs --st`.
  if (args[0] === 'complete') (await import('@bomb.sh/tab/commander')).default(program);
  else
    program.addCommand(
      new Command('complete').summary('completion for a shell: source <(citibike complete bash)'),
    );
  escapeOutput(program);
  return program;
}

/** Escapes control characters in error output, because errors repeat what the user typed. */
function escapeOutput(command: Command): void {
  command.configureOutput({ writeOut: print, writeErr: printNote });
  for (const each of command.commands) escapeOutput(each);
}

/** Returns the command that the user calls, or asks help about. */
function commandIn(args: readonly string[]): string | undefined {
  if (args[0] === 'help') return args[1];
  if (args[0] === 'complete') return args[args.indexOf('--') + 1];
  return args[0];
}

/** Prints an error. Errors of the catalogue are complete; for others, which are bugs, LOG_LEVEL=debug shows the stack. */
function reportError(error: unknown): void {
  // commander has printed it already.
  if (error instanceof CommanderError) return;
  const isOurs = error instanceof CitibikeError;
  const debug = process.env['LOG_LEVEL'] === 'debug' || process.env['LOG_LEVEL'] === 'trace';
  const hint = isOurs || debug ? '' : ' (LOG_LEVEL=debug shows where)';
  printNote(`error: ${messageOf(error)}${hint}\n`);
  if (debug && error instanceof Error) printNote(`${framesOf(error)}\n`);
}
