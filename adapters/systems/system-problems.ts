/** Finds problems in the facts of a system that no schema expresses. */
import { Check } from 'typebox/schema';
import { sourceProblems } from '../../contracts/address-secrets.ts';
import { monthsOf } from '../../contracts/calendar.ts';
import { inputProblem, type InputProblem } from '../../contracts/input-problems.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import { SystemId, type ArchiveName, type SystemFacts } from '../../contracts/systems.ts';

/** Bounds the months of one archive. The largest that a publisher made has a year. */
const MOST_MONTHS = 120;
/** Bounds the facts as JSON, because each run carries them in its history. */
const MOST_BYTES = 8_000;

/**
 * @param id name of the file.
 * @param layouts known layouts of CSVs.
 */
export function systemProblems(facts: SystemFacts, id: string, layouts: readonly string[]): InputProblem[] {
  const problems: InputProblem[] = [];
  const add = (field: string, got: unknown, wanted: string) =>
    problems.push(inputProblem(field, got, wanted));
  if (facts.id !== id || !Check(SystemId, id))
    add('id', facts.id, `the name of the file, ${id}, in small letters, digits and -`);
  if (!isTimeZone(facts.timeZone)) add('timeZone', facts.timeZone, 'a time zone of the IANA database');
  const { source, archives, alsoRead = [] } = facts.trips;
  if (!URL.canParse(source)) add('trips.source', source, 'an address such as https://example.org/archives');
  for (const { got, wanted } of sourceProblems({ source })) add('trips.source', got, wanted);
  const addUnknown = (field: string, layout: string) => {
    if (!layouts.includes(layout))
      add(field, layout, `a layout of inputs/csv-layouts.yaml: ${layouts.join(', ')}`);
  };
  facts.trips.layouts.forEach((layout, i) => addUnknown(`trips.layouts.${i}`, layout));
  facts.sample?.layouts?.forEach(({ layout }, i) => addUnknown(`sample.layouts.${i}.layout`, layout));
  archives.forEach((archive, i) => problems.push(...archiveProblems(`trips.archives.${i}`, archive)));
  alsoRead.forEach((name, i) => problems.push(...nameProblems(`trips.alsoRead.${i}`, { name })));
  facts.sample?.archives?.forEach((archive, i) =>
    problems.push(...archiveProblems(`sample.archives.${i}`, archive)),
  );
  const bytes = Buffer.byteLength(JSON.stringify(facts));
  if (bytes > MOST_BYTES) add('(the whole input)', `${bytes} bytes`, `at most ${MOST_BYTES} bytes of facts`);
  return problems;
}

function archiveProblems(field: string, archive: ArchiveName): InputProblem[] {
  const { from, to, months } = archive;
  return [
    ...nameProblems(`${field}.name`, archive),
    ...(from !== undefined && to !== undefined && to < from
      ? [inputProblem(`${field}.to`, to, `a month from ${from} on`)]
      : []),
    ...(months ? spanProblems(`${field}.months`, months) : []),
  ];
}

function spanProblems(field: string, months: MonthSpan): InputProblem[] {
  const { length } = months.to < months.from ? [] : monthsOf(months);
  if (length > 0 && length <= MOST_MONTHS) return [];
  return [inputProblem(field, months, `1 to ${MOST_MONTHS} months, from not after to`)];
}

/** Finds names from which the months of a file do not follow. */
function nameProblems(field: string, { name, months }: ArchiveName): InputProblem[] {
  const fields: readonly string[] = name.match(/\{[^}]*\}?/g) ?? [];
  const add = (wanted: string) => [inputProblem(field, name, wanted)];
  if (months) return fields.length > 0 ? add('a name without {…}, because months says its months') : [];
  const unknown = fields.find((each) => !['{YYYY}', '{MM}', '{Q}'].includes(each));
  if (unknown !== undefined) return add(`{YYYY}, {MM} and {Q} instead of ${unknown}`);
  if (new Set(fields).size < fields.length) return add('each of {YYYY}, {MM} and {Q} once');
  if (!fields.includes('{YYYY}')) return add('{YYYY} in the name, or months beside it');
  return fields.length > 2 ? add('{MM} or {Q}, not both') : [];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
