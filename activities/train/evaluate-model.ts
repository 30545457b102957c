/** Activity `evaluateModel`: scores a model on months it was not trained on, beside forecasts that cost nothing. */
import { readFrame } from '../../adapters/duckdb/frame.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { Evaluation, TrainActivities } from '../../contracts/stages.ts';
import { evaluate } from '../../core/model/evaluation.ts';
import { parseModelFiles } from '../../core/model/serving-model.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { cachedIfPresent } from '../common/reuse.ts';
import { readModelFolder } from './model-folder.ts';

/** Grows with every change of what the report says for the same model and hours. */
const EVALUATE_STAGE_VERSION = 1;

const REPORT_SCHEMA_VERSION = 1;

export function createEvaluateModel(deps: ActivityDependencies): TrainActivities['evaluateModel'] {
  return async ({ model, train, test, cache }) => {
    const key = {
      model: model.sha256,
      train: train.sha256,
      test: test.sha256,
      version: EVALUATE_STAGE_VERSION,
    };
    const { value, cached } = await cachedIfPresent<Omit<Evaluation, 'cached'>>(
      deps.artifacts,
      'evaluate',
      key,
      cache,
      ({ report }) => report,
      () => evaluateFrames(deps, model, train, test),
    );
    return { ...value, cached };
  };
}

async function evaluateFrames(
  deps: ActivityDependencies,
  model: ArtifactRef,
  train: ArtifactRef,
  test: ArtifactRef,
): Promise<Omit<Evaluation, 'cached'>> {
  const serving = parseModelFiles(await readModelFolder(deps.artifacts, model));
  const trainRows = await readFrame(deps.artifacts, train);
  const testRows = await readFrame(deps.artifacts, test);
  const report = evaluate(serving, trainRows, testRows);
  const ref = await deps.artifacts.write(producerOf('evaluate', deps.codeVersion), {
    name: 'evaluation.json',
    content: new TextEncoder().encode(JSON.stringify(report, null, 2)),
    contentType: 'application/json',
    schemaVersion: REPORT_SCHEMA_VERSION,
    rows: testRows.length,
    inputs: [model, train, test],
    parameters: {},
    facts: { ...report.metrics },
    synthetic: serving.spec.trainedOn.synthetic,
  });
  return { metrics: report.metrics, naive: report.naive.meanByCalendar, report: ref };
}
