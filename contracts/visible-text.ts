/**
 * Texts of others made safe to show. What a terminal or a browser would act on is written as an escape: C0 and C1 controls and DEL,
 * marks that turn the direction of text round, separators of lines, and surrogates without their other half.
 */
const ACTS = '\\p{Cc}\\p{Cs}\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff';
const IN_CELL = new RegExp(`[${ACTS}]`, 'gu');
/** Newlines and tabs stay. */
const IN_TEXT = new RegExp(`(?![\\n\\t])[${ACTS}]`, 'gu');

/** Keeps newlines and tabs. The escapes are JSON's own, so that a JSON text keeps its meaning. */
export function visibleText(text: string): string {
  return text.replace(IN_TEXT, escaped);
}

/** For what must stay on one line: a cell of a table, a name, a value in a message. */
export function visibleLine(text: string): string {
  return text.replace(IN_CELL, escaped);
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
