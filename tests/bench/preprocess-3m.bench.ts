/** Preprocesses a month of three million rides: compares it with plain inflation and with Python, and checks that memory is bounded. */
import type { Bench } from './harness/bench.ts';
import { citibikePreprocess, OURS, pythonPreprocess } from './harness/preprocess-contenders.ts';
import { checkSameHours } from './harness/same-hours.ts';
import { largeSampleArchive } from './harness/sample-input.ts';
import { atMostTimes, coresUsed, fasterThan, flatPeak, peakBelow } from './harness/targets.ts';

const RIDES = 3_000_000;
const PEAK_MB = 400;
const UNZIP = 'unzip -p > /dev/null';
/** Is the extra memory that a month three times as large may use, which covers the noise of the allocator. */
const FLAT_WITHIN = 1.25;

export const bench: Bench = {
  name: 'preprocess-3m',
  title: 'A month of three million rides',
  scenarios: async (context) => {
    const sample = (rides: number, csvs: number) =>
      largeSampleArchive(context.dir, `${rides}-rides-${csvs}-csvs`, { rides, csvs }, context.log);
    const single = await sample(RIDES, 1);
    const split = await sample(RIDES, 3);
    const sizes = [1_000_000, RIDES, ...(context.large ? [10_000_000] : [])];
    const bySize = [];
    for (const rides of sizes) {
      const name = `${rides / 1e6} million rides`;
      bySize.push(citibikePreprocess(context, [await sample(rides, 1)], name));
    }
    const python = (archive: string) =>
      (['pandas', 'polars', 'duckdb'] as const).map((name) => pythonPreprocess(context, name, [archive]));
    // The harness discards the measured command's standard output, as `> /dev/null` does.
    const unzip = { name: UNZIP, command: ['unzip', '-p', single] };
    const one = [citibikePreprocess(context, [single]), ...python(single)];
    const three = [citibikePreprocess(context, [split]), ...python(split)];
    return [
      {
        title: 'One CSV in one deflated zip',
        input: 'Synthetic (tests/sample/large-month.ts), one CSV.',
        runs: 3,
        contenders: [...one, unzip],
        targets: [
          atMostTimes(OURS, UNZIP, 1.4),
          fasterThan(OURS, 'pandas', 2),
          fasterThan(OURS, 'polars'),
          fasterThan(OURS, 'duckdb'),
          peakBelow(OURS, PEAK_MB),
        ],
        check: () => checkSameHours(one),
      },
      {
        title: 'Three CSVs in one zip, as nyc publishes',
        input: 'Synthetic (tests/sample/large-month.ts), three CSVs.',
        runs: 3,
        contenders: [...three, { name: UNZIP, command: ['unzip', '-p', split] }],
        targets: [
          coresUsed(OURS, 1.5),
          fasterThan(OURS, 'pandas', 2),
          fasterThan(OURS, 'polars'),
          fasterThan(OURS, 'duckdb'),
          peakBelow(OURS, PEAK_MB),
        ],
        check: () => checkSameHours(three),
      },
      {
        title: 'Memory by size',
        input: `Synthetic, one CSV each.${context.large ? '' : ' 10 million rides with BENCH_LARGE=1.'}`,
        runs: 2,
        contenders: bySize,
        targets: [
          flatPeak(
            bySize.map(({ name }) => name),
            FLAT_WITHIN,
          ),
          ...bySize.map(({ name }) => peakBelow(name, PEAK_MB)),
        ],
      },
    ];
  },
};
