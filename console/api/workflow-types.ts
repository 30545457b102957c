/** What people start: title, purpose, schema and an example of each workflow. */
import type { TSchema } from 'typebox';
import { INPUT_SCHEMAS } from '../../contracts/workflows/index.ts';

interface About {
  readonly title: string;
  readonly description: string;
  readonly example: Readonly<Record<string, unknown>>;
}

const YEAR = { from: '2024-01', to: '2024-12' };
const NEXT = { from: '2025-01', to: '2025-03' };

const ABOUT: Readonly<Partial<Record<keyof typeof INPUT_SCHEMAS, About>>> = {
  lifecycle: {
    title: 'Whole lifecycle',
    description: 'Fetch, preprocess, train, register, deploy and check for drift.',
    example: { system: 'nyc', train: YEAR, test: NEXT },
  },
  ingest: {
    title: 'Ingest months',
    description: 'Fetch trip archives and weather, and make one data set a month of them.',
    example: { system: 'nyc', ...YEAR },
  },
  training: {
    title: 'Train a model',
    description: 'Train, evaluate and register a model; promote it where it beats the champion.',
    example: { system: 'nyc', train: YEAR, test: NEXT },
  },
  search: {
    title: 'Search hyper-parameters',
    description: 'Look for better hyper-parameters within the training months.',
    example: { system: 'nyc', train: YEAR },
  },
  backtest: {
    title: 'Backtest',
    description: 'Predict months with models that could have been trained before each of them.',
    example: { system: 'nyc', ...NEXT },
  },
  deployment: {
    title: 'Deploy',
    description: 'Roll the champion, or a version by number, out to the prediction service.',
    example: { alias: 'champion' },
  },
  monitoring: {
    title: 'Check for drift',
    description: 'Compare new months with those of a year before, and decide whether to retrain.',
    example: { system: 'nyc', current: NEXT, retrain: false },
  },
  rollback: {
    title: 'Roll back',
    description: 'Make the version before champion again, or one by number, and serve it.',
    example: { reason: 'callers complain' },
  },
};

export const WORKFLOW_TYPES = Object.entries(INPUT_SCHEMAS as Readonly<Record<string, TSchema>>).map(
  ([type, schema]) => ({
    type,
    title: type,
    description: '',
    example: {},
    ...ABOUT[type as keyof typeof INPUT_SCHEMAS],
    schema: schema,
  }),
);
