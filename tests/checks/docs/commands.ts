/**
 * Checks that the commands of the documentation exist. These are commands and options of `citibike`, targets of make, scripts of npm, files
 * that Node runs, paths of the prediction service, and workflows with valid inputs.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CommanderError, type Command } from 'commander';
import { parse } from 'yaml';
import { loadCommands } from '../../../client/cli.ts';
import { messageOf } from '../../../contracts/errors.ts';
import { parseNewInput } from '../../../contracts/new-input.ts';
import { DEFAULT_SYSTEM } from '../../../contracts/systems.ts';
import { PROJECT_DIR } from '../../../settings.ts';
import { shellCommandsIn, type ShellCommand } from './shell-commands.ts';

const PAGES = ['*.md', 'docs/**/*.md', 'deploy/**/*.md'];
/** Stands for something that the reader chooses. */
const PLACEHOLDER = /^[<[A-Z]/;
/** Is the system that docs/how-to-add-a-city.md adds. */
const ADDED_SYSTEM = 'columbus';
/** Commands that `loadCommands` omits. */
const OTHERS = ['complete', 'help', '--version', '--help'];

/** Lists the names that commands may use. */
interface Known {
  readonly root: string;
  readonly citibike: readonly Command[];
  readonly targets: ReadonlySet<string>;
  readonly scripts: ReadonlySet<string>;
}

/** Returns one line per broken command. */
export async function brokenCommands(root: string): Promise<string[]> {
  const known = await knownIn(root);
  return globSync(PAGES, { cwd: root, exclude: ['CHANGELOG.md'] }).flatMap((page) =>
    brokenCommandsIn(known, page, readFileSync(path.join(root, page), 'utf8')),
  );
}

export async function knownIn(root: string): Promise<Known> {
  const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  return {
    root,
    citibike: await loadCommands(),
    targets: new Set([...read('Makefile').matchAll(/^([a-z][a-z-]*):/gm)].map(([, target = '']) => target)),
    scripts: new Set(Object.keys(scripts)),
  };
}

export function brokenCommandsIn(known: Known, page: string, text: string): string[] {
  return shellCommandsIn(text).flatMap((command) => {
    const problem = problemOf(known, command);
    return problem === undefined ? [] : [`${page}: ${command.words.join(' ')}: ${problem}`];
  });
}

function problemOf(known: Known, { words, isWhole }: ShellCommand): string | undefined {
  const [program, ...args] = words[0] === 'npx' ? words.slice(1) : words;
  switch (program) {
    case 'citibike':
      return problemOfCitibike(known.citibike, args, isWhole);
    case 'make':
      return args.filter((word) => !word.includes('=')).find((target) => !known.targets.has(target))
        ? `there is no such target in the Makefile`
        : undefined;
    case 'npm':
      return args[0] === 'run' && !known.scripts.has(args[1] ?? '')
        ? `there is no script ${args[1]} in package.json`
        : undefined;
    case 'node':
    case 'sh': {
      const file = args.find((word) => !word.startsWith('-'));
      return file === undefined || existsSync(path.join(known.root, file))
        ? undefined
        : `${file} does not exist`;
    }
    case 'temporal':
      return problemOfTemporal(args);
    default:
      return undefined;
  }
}

function problemOfCitibike(commands: readonly Command[], args: readonly string[], isWhole: boolean) {
  const [name = '', ...rest] = args;
  if (OTHERS.includes(name) || PLACEHOLDER.test(name)) return undefined;
  const command = commands.find((each) => each.name() === name);
  if (!command) return `there is no command ${name}`;
  const json = valueAfter(rest, '--json');
  if (name === 'run' && json?.startsWith('{'))
    return problemOfInput(rest[0] ?? '', json, valueAfter(rest, '--input'));
  return problemOfArguments(command, rest, isWhole);
}

function problemOfArguments(command: Command, args: readonly string[], isWhole: boolean): string | undefined {
  const [first = ''] = args;
  const under = command.commands.find((each) => each.name() === first);
  if (under) return problemOfArguments(under, args.slice(1), isWhole);
  if (PLACEHOLDER.test(first) && command.commands.length > 0) return undefined;
  const given = args
    .filter((word) => !['--help', '[options]'].includes(word) && !/^\[-/.test(word))
    .map((word) => (word === ADDED_SYSTEM ? DEFAULT_SYSTEM : word));
  try {
    const { operands, unknown } = quiet(command).parseOptions([...given]);
    const option = unknown.find((word) => word.startsWith('-') && word !== '-');
    if (option) return `there is no option ${option}`;
    const missing = command.registeredArguments.filter(({ required }) => required).at(operands.length);
    return isWhole && missing && !args.includes('--help') ? `${missing.name()} is missing` : undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isChosen =
      error.code === 'commander.invalidArgument' && args.some((word) => PLACEHOLDER.test(word));
    const isOmitted = error.code === 'commander.optionMissingArgument' && !isWhole;
    return isChosen || isOmitted ? undefined : error.message;
  }
}

function quiet(command: Command): Command {
  return command.exitOverride().configureOutput({ writeErr: () => undefined });
}

function problemOfTemporal(args: readonly string[]): string | undefined {
  const [type, input] = [valueAfter(args, '--type'), valueAfter(args, '--input')];
  return type === undefined || input === undefined ? undefined : problemOfInput(type, input);
}

/** @param file YAML with the other fields, beside each other or in a section per workflow. */
function problemOfInput(type: string, json: string, file?: string): string | undefined {
  try {
    const content =
      file === undefined
        ? {}
        : (parse(readFileSync(path.join(PROJECT_DIR, file), 'utf8')) as Record<string, object>);
    parseNewInput(type, { ...(content[type] ?? content), ...(JSON.parse(json) as object) });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function valueAfter(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}
