import { describe, expect, it } from 'vitest';
import { artifactName, kindOf } from '../../../console/web/src/format/artifact-name.ts';
import { lineageGroups, summaryOf } from '../../../console/web/src/graph/lineage-groups.ts';
import type { Edge } from '../../../console/web/src/graph/layered-layout.ts';

const DIGEST = '63ad779bc011fba38a3b95696a0ae569';
const month = (id: string, file = `${DIGEST}.parquet`) => `s3://data/datasets/months/nyc/seed/${id}/${file}`;
const MODEL = 's3://artifacts/run-1/train/3657fa1ababe5a56/files.json';
const DATASET = 's3://artifacts/run-0/compose/d7bb2e768bd6d30e/dataset.json';

it.each([
  [month('2024-03'), '2024-03, nyc'],
  [month('2024-03', `${DIGEST}.flows.parquet`), '2024-03, nyc: flows.parquet'],
  ['s3://data/datasets/months/nyc/all/2024-03/ab.parquet', '2024-03, nyc, all rides: ab.parquet'],
  ['s3://artifacts/run/frame/fe333a610b6e157a/2024-01_2024-03.parquet', '2024-01 to 2024-03'],
  ['s3://data/raw/weather/USW00014732/945c07ef0f68/2025.csv', '2025.csv'],
  [MODEL, 'files.json'],
  ['no address', 'no address'],
])('names %s %s', (uri, name) => {
  expect(artifactName(uri)).toBe(name);
});

it('names the kind by the step, or by the folder of a raw file', () => {
  expect(kindOf(MODEL, 'train')).toBe('Model');
  expect(kindOf(MODEL, 'new-step')).toBe('new-step');
  expect(kindOf('s3://data/raw/tripdata/nyc/2024/a.zip', null)).toBe('Trip archive');
});

describe('lineageGroups', () => {
  const months = ['01', '02', '03', '04', '05'].map((m) => month(`2024-${m}`));
  const flows = months.map((uri) => uri.replace('.parquet', '.flows.parquet'));
  const pictures = ['a', 'b'].map(
    (name) => `s3://artifacts/run-1/evaluate/${name}1b73d226e57b03/${name}.svg`,
  );
  const files = [
    ...[...months, ...flows].map((uri) => ({ uri, step: 'preprocess' })),
    { uri: DATASET, step: 'compose' },
    { uri: MODEL, step: 'train' },
    ...pictures.map((uri) => ({ uri, step: 'evaluate' })),
  ];
  const edges: Edge[] = [
    ...months.map((uri): Edge => [uri, DATASET]),
    ...months.map((uri): Edge => [uri, MODEL]),
    [DATASET, MODEL],
    ...pictures.map((uri): Edge => [MODEL, uri]),
  ];

  it('makes one node of the months, and one of the files of an evaluation', () => {
    const { groups, edges: between } = lineageGroups(files, edges, MODEL);
    expect(groups.map(({ kind, names, uris, here }) => [kind, names.length, uris.length, here])).toEqual([
      ['Month', 5, 10, false],
      ['Data set', 1, 1, false],
      ['Model', 1, 1, true],
      ['Evaluation', 2, 2, false],
    ]);
    expect(groups.map(summaryOf)).toEqual([
      '2024-01 to 2024-05, nyc',
      'dataset.json',
      'files.json',
      '2 files',
    ]);
    // The edge from the months to the model follows from the path through the data set.
    expect(between).toHaveLength(3);
  });

  it('keeps the month that is shown apart from the others', () => {
    const { groups } = lineageGroups(files, edges, months[1]!);
    expect(
      groups.filter(({ kind }) => kind === 'Month').map(({ names, here }) => [names.length, here]),
    ).toEqual([
      [4, false],
      [1, true],
    ]);
  });
});
