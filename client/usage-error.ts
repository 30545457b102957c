/** Turns what commander says about wrong arguments into errors with three parts: what is wrong, what was expected, what to do. */
import type { Argument, Command, CommanderError, Option } from 'commander';
import { CitibikeError } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';

/** Maximum number of names that a message lists; the help lists all. */
const MOST_NAMES = 20;

interface Mistake {
  readonly wrong: string;
  readonly expected: string;
}

/** Returns the error for a mistake that commander found in the arguments of a command. */
export function usageError(command: Command, { code, message }: CommanderError): CitibikeError {
  const [text = '', suggestion] = message
    .replace(/^error: /, '')
    .split(/\s*\(Did you mean (?:one of )?(.+)\?\)$/);
  const path = pathOf(command);
  const { wrong, expected } = mistakeOf(command, code, text);
  const hint = suggestion === undefined ? '' : `Did you mean ${suggestion}? `;
  return new CitibikeError(
    'INVALID_INPUT',
    `${path}: ${wrong}, expected ${expected}. ${hint}See '${path} --help'.`,
  );
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function mistakeOf(command: Command, code: string, text: string): Mistake {
  const quoted = /'(.*)'/s.exec(text)?.[1] ?? '';
  switch (code) {
    case 'commander.unknownOption':
      return { wrong: `unknown option ${showValue(quoted)}`, expected: namesOf(optionsOf(command)) };
    case 'commander.unknownCommand':
      return { wrong: `unknown command ${showValue(quoted)}`, expected: namesOf(commandsOf(command)) };
    case 'commander.excessArguments':
      return excessArguments(command);
    case 'commander.missingArgument':
      return {
        wrong: `argument <${quoted}> is missing`,
        expected: describe(
          command.registeredArguments.find((each) => each.name() === quoted),
          'a value',
        ),
      };
    case 'commander.missingMandatoryOptionValue':
      return { wrong: `option ${quoted} is missing`, expected: describeOption(command, quoted) };
    case 'commander.optionMissingArgument':
      return { wrong: `option ${quoted} has no value`, expected: describeOption(command, quoted) };
    case 'commander.invalidArgument':
      return invalidValue(text);
    default:
      return { wrong: text, expected: 'other arguments' };
  }
}

function excessArguments(command: Command): Mistake {
  const { args, registeredArguments, commands } = command;
  if (registeredArguments.length === 0 && commands.length > 0)
    return { wrong: `unknown command ${showValue(args[0])}`, expected: namesOf(commandsOf(command)) };
  const given = showValue(args).slice(1, -1);
  const known = registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`));
  return {
    wrong: `got ${args.length} ${args.length === 1 ? 'argument' : 'arguments'} (${given})`,
    expected: known.length > 0 ? `at most ${known.length}: ${known.join(' ')}` : 'options only',
  };
}

/** Reads `option '--hour <hour>' argument '99' is invalid. Expected 0 to 23.` and the same of an argument. */
function invalidValue(text: string): Mistake {
  const [, ofOption, given, ofArgument, value, reason = ''] =
    /^(?:option '(.+?)' argument '(.*)'|command-argument value '(.*)' is invalid for argument '(.*?)')(?: is invalid)?\. (.+)$/s.exec(
      text,
    ) ?? [];
  if (reason === '') return { wrong: text, expected: 'another value' };
  const expected = reason
    .replace(/^Expected /, '')
    .replace(/^Allowed choices are /, 'one of ')
    .replace(/\.$/, '');
  return ofOption === undefined
    ? { wrong: `<${value}>: got ${showValue(ofArgument)}`, expected }
    : { wrong: `${ofOption.split(' ')[0]}: got ${showValue(given)}`, expected };
}

function describeOption(command: Command, flags: string): string {
  return describe(
    command.options.find((option) => option.flags === flags),
    flags,
  );
}

function describe(known: Argument | Option | undefined, otherwise: string): string {
  return known?.description || otherwise;
}

function optionsOf(command: Command): string[] {
  return command.options.filter(({ hidden }) => !hidden).map(({ long, short }) => long ?? short ?? '');
}

function commandsOf(command: Command): string[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => each.name());
}

function namesOf(names: readonly string[]): string {
  const [first, ...others] = names;
  if (first === undefined) return 'no option but --help';
  if (names.length > MOST_NAMES) return 'one that the help lists';
  return others.length === 0 ? first : `one of ${names.join(', ')}`;
}
