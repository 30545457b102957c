/** Reads flows between stations for the exploratory report. */
import { firstWrongFlow, flowFigures } from '../adapters/duckdb/flow-figures.ts';
import { placeOf, requireColumns } from '../adapters/tables/header.ts';
import { withParquet, type ParquetKind } from '../adapters/tables/parquet-file.ts';
import { tableFile } from '../adapters/tables/table-file.ts';
import { CitibikeError } from '../contracts/errors.ts';
import { UNKNOWN_STATION } from '../contracts/hours.ts';
import { showValue } from '../contracts/show-value.ts';
import type { ExploreFlows } from '../core/report/explore/place-figures.ts';

/** Holds the columns of a flows file, with their types. */
const FLOWS: Readonly<Record<string, ParquetKind>> = {
  start_station: 'text',
  end_station: 'text',
  trips: 'number',
};

/**
 * Reads the flows of the files.
 * @param names names of stations by id; a station without a name is shown by its id.
 * @throws CitibikeError INVALID_INPUT for a file that has other columns.
 */
export async function readExploreFlows(
  files: readonly string[],
  names: ReadonlyMap<string, string>,
  top: number,
): Promise<ExploreFlows> {
  for (const file of files) await checkFlows(file);
  const figures = await flowFigures(files, UNKNOWN_STATION, top);
  const nameOf = (station: string) => names.get(station) ?? station;
  return {
    ...figures,
    busiestStations: figures.busiestStations.map((each) => ({ ...each, station: nameOf(each.station) })),
    busiestRoutes: figures.busiestRoutes.map((each) => ({
      ...each,
      from: nameOf(each.from),
      to: nameOf(each.to),
    })),
  };
}

/**
 * Checks every row of a file.
 * @throws CitibikeError INVALID_INPUT naming file, row, column and value.
 */
async function checkFlows(name: string): Promise<void> {
  const file = tableFile(name);
  await withParquet(file, async (connection, { columns }) => {
    const names = columns.map((column) => column.name);
    requireColumns(name, names, Object.keys(FLOWS));
    for (const [column, kind] of Object.entries(FLOWS)) {
      const found = columns[placeOf(names, column)]!;
      if (found.kind === kind) continue;
      throw new CitibikeError(
        'INVALID_INPUT',
        `${name}, column ${column}: got the type ${found.type}, expected ${kind === 'text' ? 'texts' : 'numbers'}`,
      );
    }
    const wrong = await firstWrongFlow(connection, file.path);
    if (!wrong) return;
    const column =
      wrong.start_station === null ? 'start_station' : wrong.end_station === null ? 'end_station' : 'trips';
    throw new CitibikeError(
      'INVALID_INPUT',
      `${name}, row ${wrong.row}: ${column}: got ${showValue(wrong[column])}, expected ${column === 'trips' ? 'a whole number, 0 or more' : 'the id of a station'}`,
    );
  });
}
