/**
 * Makes external texts safe to show. Writes characters that a terminal or browser would act on as escapes: C0
 * and C1 controls, DEL, bidirectional marks, line separators, and unpaired surrogates.
 */
const ACTS = '\\p{Cc}\\p{Cs}\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff';
const IN_CELL = new RegExp(`[${ACTS}]`, 'gu');
/** Matches such characters except newlines and tabs. */
const IN_TEXT = new RegExp(`(?![\\n\\t])[${ACTS}]`, 'gu');

/**
 * Escapes a text but keeps newlines and tabs. The escapes are JSON's own, so that a JSON text keeps its
 * meaning.
 */
export function visibleText(text: string): string {
  return text.replace(IN_TEXT, escaped);
}

/** Escapes a text that must stay on one line: a table cell, a name, or a value in a message. */
export function visibleLine(text: string): string {
  return text.replace(IN_CELL, escaped);
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
