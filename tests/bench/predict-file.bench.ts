/** Compares the batch prediction of a year of hours with pandas and NumPy, from CSV and from parquet. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { columnNames } from '../../adapters/tables/column-names.ts';
import { readTable } from '../../adapters/tables/read-table.ts';
import { tableFile } from '../../adapters/tables/table-file.ts';
import { daysBetween } from '../../contracts/calendar.ts';
import type { Bench, BenchContext, Scenario } from './harness/bench.ts';
import { writeServedModel } from './harness/served-model.ts';
import { wallBelow } from './harness/targets.ts';

const OURS = 'predict --file';
const PEER = 'pandas + NumPy';
const HARNESS = path.join(import.meta.dirname, 'harness');
const PEERS = path.join(import.meta.dirname, 'peers');
const HOURS = 8_760;

/** Writes every hour of 2025 with synthetic weather and two columns that pass through. */
function yearOfHours(): string {
  const rows = daysBetween('2025-01-01', '2025-12-31').flatMap((day, i) => {
    const warmth = Math.round(55 - 25 * Math.cos((2 * Math.PI * (i - 15)) / 365));
    // The spring change skips 02:00.
    const hours = Array.from({ length: 24 }, (_, hour) => (day === '2025-03-09' && hour === 2 ? 3 : hour));
    return hours.map(
      (hour) =>
        `${i},"station ${i % 7}",${day}T${String(hour).padStart(2, '0')}:00:00,${warmth + 7},${warmth - 7},0`,
    );
  });
  return `id,name,date,TMAX,TMIN,SNOW\n${rows.join('\n')}\n`;
}

async function scenario(
  context: BenchContext,
  format: 'csv' | 'parquet',
  modelDir: string,
): Promise<Scenario> {
  const input = path.join(context.dir, `hours.${format}`);
  const outputs = ['ours', 'peer'].map((name) => path.join(context.dir, `${name}.${format}`)) as [
    string,
    string,
  ];
  const peer = ['env', `BENCH_MODEL=${modelDir}`, context.python, path.join(PEERS, 'predict_file_pandas.py')];
  return {
    title: `A year of hours, ${format}`,
    input:
      `${HOURS} hours with weather and two columns that pass through, to ${format} with predictions; the default's network, read from disk. ` +
      'The peer computes twelve of 82 features, without intervals and warnings.',
    runs: 7,
    contenders: [
      {
        name: OURS,
        command: [process.execPath, path.join(HARNESS, 'predict-folder.ts'), modelDir, input, outputs[0]],
        outputs: [outputs[0]],
      },
      { name: PEER, command: [...peer, input, outputs[1]], outputs: [outputs[1]] },
    ],
    targets: [wallBelow(OURS, 2)],
    check: async () => {
      const { rows, columns } = await readTable(outputs[0]);
      const names = await columnNames(tableFile(outputs[0]));
      const predictions = columns.get('prediction')!.values as Float64Array;
      if (rows !== HOURS || names[1] !== 'name' || !predictions.every((value) => value > 0))
        throw new Error(`${rows} rows with the columns ${names.join(', ')}`);
      return `Every one of the ${rows} rows has a prediction.`;
    },
  };
}

export const bench: Bench = {
  name: 'predict-file',
  title: 'Batch prediction',
  scenarios: async (context) => {
    mkdirSync(context.dir, { recursive: true });
    const { modelDir } = await writeServedModel(context.dir);
    const csv = path.join(context.dir, 'hours.csv');
    const parquet = path.join(context.dir, 'hours.parquet');
    writeFileSync(csv, yearOfHours());
    if (!existsSync(parquet)) {
      const convert =
        'import sys, pandas as pd; pd.read_csv(sys.argv[1]).to_parquet(sys.argv[2], index=False)';
      await promisify(execFile)(context.python, ['-c', convert, csv, parquet]);
    }
    return [await scenario(context, 'csv', modelDir), await scenario(context, 'parquet', modelDir)];
  },
};
