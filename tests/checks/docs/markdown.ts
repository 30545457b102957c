/** Renders small pieces of Markdown for the generated pages. */

/** Returns a table. Cells may hold any text, because the function escapes bars, asterisks and line ends. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

export function code(text: string): string {
  return `\`${text}\``;
}

export function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\`\n`;
}

/** Returns the text with a capital at its start and a full stop at its end. */
export function sentence(text: string): string {
  const capitalized = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capitalized) ? capitalized : `${capitalized}.`;
}

function cell(text: string): string {
  return text.replaceAll(/[|*]/g, '\\$&').replaceAll('\n', ' ');
}
