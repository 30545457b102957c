/** Defines the `citibike` command line. A new command is a file in commands/ and an entry in COMMANDS. */
import { Command, CommanderError } from 'commander';
import { CitibikeError, framesOf, messageOf } from '../contracts/errors.ts';
import { COMMANDS } from './command-list.ts';
import { print, printNote } from './print.ts';
import { usageError } from './usage-error.ts';

/** Codes with which commander ends after it has printed the help or the version. */
const IS_OUTPUT = /^commander\.(help|helpDisplayed|version)$/;

/** Runs one command line; sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    const program = await createProgram(argv.slice(2));
    await program.parseAsync(argv);
  } catch (error) {
    reportError(error);
    // Commander also ends the help and the version with an error, whose exit code is 0.
    process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
  }
}

/** Loads every command that the help shows, for the reference in docs/cli.md. */
export function loadCommands(): Promise<Command[]> {
  const shown = Object.values(COMMANDS)
    .flatMap((group) => Object.values(group))
    .filter(({ hidden }) => hidden !== true);
  return Promise.all(shown.map(async ({ summary, load }) => (await load()).summary(summary)));
}

async function createProgram(args: readonly string[]): Promise<Command> {
  const isVersion = args[0] === '--version';
  const version = isVersion ? (await import('../stack/instance-version.ts')).productVersion() : '';
  const program = new Command('citibike')
    .description('Manages the life cycle of demand models for bike-share systems.')
    .version(version, '--version', 'print the version')
    .commandsGroup('Help:')
    .helpCommand(true)
    .showSuggestionAfterError();
  const called = commandIn(args);
  if (called !== undefined) await assertNotWorkflow(called);
  for (const [group, commands] of Object.entries(COMMANDS)) {
    for (const [name, { summary, load, hidden }] of Object.entries(commands)) {
      const command = name === called ? await load() : new Command(name).description(summary);
      program.addCommand(command.summary(summary).helpGroup(`${group}:`), { hidden: hidden ?? false });
    }
  }
  // `citibike complete bash` prints a script for the shell. The script then calls `citibike complete -- runs --st`.
  if (args[0] === 'complete') (await import('@bomb.sh/tab/commander')).default(program);
  else
    program.addCommand(
      new Command('complete').summary('completion for a shell: source <(citibike complete bash)'),
    );
  ownOutput(program);
  return program;
}

/** @throws CitibikeError INVALID_INPUT for the name of a workflow, which `citibike run` starts. */
async function assertNotWorkflow(called: string): Promise<void> {
  if (Object.values(COMMANDS).some((group) => called in group)) return;
  const { STARTABLE_WORKFLOWS } = await import('../contracts/workflows/index.ts');
  if (!STARTABLE_WORKFLOWS.has(called)) return;
  throw new CitibikeError(
    'INVALID_INPUT',
    `unknown command '${called}'; it is a workflow. To start it: citibike run ${called}; its input: citibike run ${called} --help`,
  );
}

/** Escapes control characters, because errors repeat what the user typed, and replaces the messages of commander. */
function ownOutput(command: Command): void {
  command.configureOutput({ writeOut: print, writeErr: printNote, outputError: () => undefined });
  command.exitOverride((error) => {
    throw IS_OUTPUT.test(error.code) ? error : usageError(command, error);
  });
  for (const each of command.commands) ownOutput(each);
}

/** Returns the command that the user calls, or asks help about. */
function commandIn(args: readonly string[]): string | undefined {
  if (args[0] === 'help') return args[1];
  if (args[0] === 'complete') return args[args.indexOf('--') + 1];
  return args[0];
}

/** Prints an error. Errors of the catalogue are complete; for others, which are bugs, LOG_LEVEL=debug shows the stack. */
function reportError(error: unknown): void {
  // It ends the help or the version, which are printed already.
  if (error instanceof CommanderError) return;
  const isOurs = error instanceof CitibikeError;
  const debug = process.env['LOG_LEVEL'] === 'debug' || process.env['LOG_LEVEL'] === 'trace';
  const hint = isOurs || debug ? '' : ' (LOG_LEVEL=debug shows where)';
  printNote(`error: ${messageOf(error)}${hint}\n`);
  if (debug && error instanceof Error) printNote(`${framesOf(error)}\n`);
}
