/** Renders docs/cli.md from the commands of `citibike`. */
import type { Argument, Command, Option } from 'commander';
import { loadCommands } from '../../../client/cli.ts';
import { code, fenced, sentence, table } from './markdown.ts';

const HEAD = `# Command line

After reading this page you can find the command, the argument or the option that you need. \`citibike COMMAND --help\` prints the same
facts.

Read these files first: \`client/command-list.ts\` lists the commands, and \`client/commands/\` has one file per command.

Run the command line in the project folder with \`npx citibike\`. The settings of [the stack](stack.md) apply to every command. A command
that fails exits with code 1; \`LOG_LEVEL=debug\` adds the stack trace of an unexpected error.
`;

/** Returns the page as Markdown, before Prettier formats it. */
export async function cliPage(): Promise<string> {
  const commands = await loadCommands();
  const overview = table(
    ['command', 'purpose'],
    commands.map((command) => [`[${command.name()}](#${command.name()})`, sentence(command.summary())]),
  );
  return [HEAD, overview, ...commands.flatMap((command) => sections(command, 'citibike', 2))].join('\n');
}

function sections(command: Command, parent: string, level: number): string[] {
  const name = `${parent} ${command.name()}`;
  const heading = `${'#'.repeat(level)} ${name.replace('citibike ', '')}\n`;
  const usage = command.commands.length === 0 ? [fenced('sh', `${name} ${command.usage()}`)] : [];
  const intro = [heading, `${sentence(command.description())}\n`, ...usage, ...optionTable(rowsOf(command))];
  const [first, ...others] = command.commands;
  // Commands with the same options share one table. A command with more options has a table of those.
  const shared = first ? rowsOf(first).map(String) : [];
  const areAlike =
    others.length > 0 &&
    others.every((each) => {
      const rows = rowsOf(each).map(String);
      return shared.length > 0 ? shared.every((row) => rows.includes(row)) : rows.length === 0;
    });
  if (!areAlike) return [...intro, ...command.commands.flatMap((each) => sections(each, name, level + 1))];
  const purposes = command.commands.map((each) => [
    code(`${name} ${each.name()}`),
    sentence(each.description()),
  ]);
  const own = others.flatMap((each) => {
    const rows = rowsOf(each).filter((row) => !shared.includes(String(row)));
    const title = `${'#'.repeat(level + 1)} ${name.replace('citibike ', '')} ${each.name()}\n`;
    return rows.length > 0 ? [title, ...optionTable(rows)] : [];
  });
  return [...intro, table(['command', 'purpose'], purposes), ...optionTable(rowsOf(first!)), ...own];
}

function rowsOf(command: Command): string[][] {
  return [...command.registeredArguments.map(argumentRow), ...command.options.map(optionRow)];
}

function optionTable(rows: readonly string[][]): string[] {
  return rows.length > 0 ? [table(['argument or option', 'meaning', 'default'], rows)] : [];
}

function argumentRow(argument: Argument): string[] {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  const shown = argument.required ? `<${name}>` : `[${name}]`;
  return [code(shown), meaning(argument.description, argument.argChoices), value(argument.defaultValue)];
}

function optionRow(option: Option): string[] {
  const fallback: unknown = option.defaultValueDescription ?? option.defaultValue;
  return [code(option.flags), meaning(option.description, option.argChoices), value(fallback)];
}

function meaning(description: string, choices: readonly string[] | undefined): string {
  const listed = choices ? `one of ${choices.map(code).join(', ')}` : '';
  return [description, listed].filter(Boolean).join('; ');
}

function value(fallback: unknown): string {
  if (fallback === undefined || (Array.isArray(fallback) && fallback.length === 0)) return '';
  return code(typeof fallback === 'string' ? fallback : JSON.stringify(fallback));
}
