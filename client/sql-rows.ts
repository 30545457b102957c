/** Renders rows of a statement as a table or as JSON, without changing a value or losing a column. */
import {
  ARRAYS,
  integerOf,
  TYPES,
  textArrayOf,
  type TextArray,
  type TextRows,
} from '../adapters/postgres/value-types.ts';
import { table } from './table-text.ts';

export function sqlTable({ columns, rows }: TextRows): string {
  if (rows.length === 0) return '(no rows)\n';
  const cells = rows.map((row) =>
    row.map((text, i) => (text === null ? '' : cellOf(text, columns[i]!.type))),
  );
  const header = columns.map(({ name }) => name);
  return `${table(header, cells)}(${rows.length} row${rows.length === 1 ? '' : 's'})\n`;
}

/**
 * Returns an array of objects. The second column of one name becomes `name_2`. Numbers that JSON or JavaScript cannot represent
 * are texts: NaN, infinities, numeric, and bigint from 2^53.
 */
export function sqlJson({ columns, rows }: TextRows): string {
  if (rows.length === 0) return '[]\n';
  const keys = uniqueNames(columns.map(({ name }) => name)).map((name) => JSON.stringify(name));
  // The JSON is built as text, because objects would reorder columns named by numbers and parsed json values could lose digits.
  const objects = rows.map((row) => {
    const members = row.map((text, i) => `    ${keys[i]!}: ${jsonOf(text, columns[i]!.type)}`);
    return members.length === 0 ? '  {}' : `  {\n${members.join(',\n')}\n  }`;
  });
  return `[\n${objects.join(',\n')}\n]\n`;
}

function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let count = 2;
    while (taken.has(`${name}_${count}`)) count += 1;
    const unique = `${name}_${count}`;
    taken.add(unique);
    return unique;
  });
}

function cellOf(text: string, type: number): string {
  if (type === TYPES.BOOL) return String(text === 't');
  return type === TYPES.TIMESTAMPTZ ? isoOf(text) : text;
}

function jsonOf(text: string | null, type: number): string {
  if (text === null) return 'null';
  const element = ARRAYS.get(type);
  if (element !== undefined) return arrayJson(textArrayOf(text), element);
  switch (type) {
    case TYPES.BOOL:
      return String(text === 't');
    case TYPES.INT2:
    case TYPES.INT4:
    case TYPES.OID:
      return text;
    case TYPES.INT8:
      return JSON.stringify(integerOf(text));
    case TYPES.FLOAT4:
    case TYPES.FLOAT8:
      return Number.isFinite(Number(text)) ? text : JSON.stringify(text);
    case TYPES.JSON:
    case TYPES.JSONB:
      // A carriage return is white space here. The output escapes it, which JSON allows only within texts.
      return text.replaceAll('\r', ' ');
    default:
      return JSON.stringify(cellOf(text, type));
  }
}

function arrayJson(elements: TextArray, type: number): string {
  const items = elements.map((each) =>
    each === null || typeof each === 'string' ? jsonOf(each, type) : arrayJson(each, type),
  );
  return `[${items.join(', ')}]`;
}

/** Converts `2025-01-31 12:00:00.5+00` to `2025-01-31T12:00:00.5Z`; infinity and years before Christ stay unchanged. */
function isoOf(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d) ([\d:.]+)\+00$/, '$1T$2Z');
}
