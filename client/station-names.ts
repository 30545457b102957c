/** Reads names of stations by the id that trip files use, from a GBFS `station_information.json` of version 1, 2 or 3. */
import { readFile } from 'node:fs/promises';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { showName, showValue } from '../contracts/show-value.ts';

/**
 * Reads the file. Trip files use the short name; a station without one is known by its station id.
 * @throws CitibikeError SOURCE_NOT_FOUND if there is no such file, INVALID_INPUT naming station and field.
 */
export async function readStationNames(file: string): Promise<Map<string, string>> {
  return parseStationNames(file, await readText(file));
}

/**
 * Parses the file's text.
 * @param file name of the file, for messages.
 */
export function parseStationNames(file: string, text: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const [i, station] of stationsIn(file, text).entries()) {
    const at = (field: string) => `data.stations[${i}]${field}`;
    if (!isObject(station)) throw wrong(file, at(''), station, 'a station as an object');
    const [name, shortName] = (['name', 'short_name'] as const).map((field) =>
      textOf(file, at(`.${field}`), station[field]),
    );
    if (name === undefined) throw wrong(file, at('.name'), station['name'], NAME);
    const id = shortName ?? textOf(file, at('.station_id'), station['station_id']);
    if (id === undefined) throw wrong(file, at('.station_id'), station['station_id'], 'a text');
    const known = names.get(id);
    if (known !== undefined && known !== name) {
      throw wrong(
        file,
        at('.name'),
        name,
        `the name of the other station ${showValue(id)}, ${showValue(known)}`,
      );
    }
    names.set(id, name);
  }
  return names;
}

const NAME = 'a text, or a list of {text, language}';

async function readText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'ENOENT')
      throw new CitibikeError('SOURCE_NOT_FOUND', `--stations: no file ${showName(file)}`);
    const problem =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? 'is not UTF-8; save it as UTF-8'
        : `cannot be read: ${messageOf(error)}`;
    throw new CitibikeError(
      'INVALID_INPUT',
      `--stations: ${showName(file)} ${problem}`,
      {},
      { cause: error },
    );
  }
}

function stationsIn(file: string, text: string): unknown[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `--stations: ${showName(file)} is not JSON: ${messageOf(error)}; expected a GBFS station_information.json`,
      {},
      { cause: error },
    );
  }
  const data = isObject(content) ? content['data'] : undefined;
  const stations = isObject(data) ? data['stations'] : undefined;
  if (!Array.isArray(stations)) throw wrong(file, 'data.stations', stations, 'a list of stations');
  return stations;
}

/** Returns the text of a field. For a field with languages, returns the English text or the first. It is undefined if absent or blank. */
function textOf(file: string, field: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) throw wrong(file, field, value, NAME);
  const texts = value.map((each: unknown, i) => {
    const { text, language } = isObject(each) ? each : {};
    if (typeof text === 'string' && typeof language === 'string') return { text, language };
    throw wrong(file, `${field}[${i}]`, each, 'an object with text and language');
  });
  const english = texts.find(({ language }) => /^en\b/i.test(language));
  return (english ?? texts[0])?.text || undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(file: string, field: string, value: unknown, expected: string): CitibikeError {
  return new CitibikeError(
    'INVALID_INPUT',
    `--stations: ${showName(file)}, ${field}: got ${showValue(value)}, expected ${expected}`,
  );
}
