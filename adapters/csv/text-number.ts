/** What a cell of CSV says where it is no plain decimal number. */
import { MISSING_TEXTS } from './missing-texts.ts';

const MISSING = new Set(MISSING_TEXTS);

export const isMissing = (text: string): boolean => MISSING.has(text);

/** Infinity by its names too; undefined for what is no number, hexadecimal and the like among it. */
export function numberOf(text: string): number | undefined {
  const value = Number(text);
  if (Number.isNaN(value)) {
    const infinity = /^\s*([+-]?)inf(inity)?\s*$/i.exec(text);
    return infinity ? (infinity[1] === '-' ? -Infinity : Infinity) : undefined;
  }
  return /[xXoObB]/.test(text) || text.trim() === '' ? undefined : value;
}

/** 1 for true, 0 for false. */
export function booleanOf(text: string): number | undefined {
  return /^true$/i.test(text) ? 1 : /^false$/i.test(text) ? 0 : undefined;
}
