/** Activity `evaluateModel`: scores a model and naive forecasts on months that it was not trained on, and draws pictures. */
import { setImmediate } from 'node:timers/promises';
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import { evaluationPage } from '../../core/evaluation/evaluation-page.ts';
import { evaluationPictures } from '../../core/evaluation/evaluation-pictures.ts';
import { evaluate } from '../../core/evaluation/evaluation.ts';
import { permutationImportances, type Importance } from '../../core/evaluation/importance.ts';
import { parseJsonFile } from '../../core/serving/parse-json-file.ts';
import { parseModelFiles, type ServingModel } from '../../core/serving/serving-model.ts';
import {
  HISTORY_FILE,
  TRAINING_REPORT_FILE,
  type TrainingReport,
} from '../../core/training/training-report.ts';
import { svgFile } from '../../core/report/svg-file.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { MODEL_FOLDER_SCHEMA_VERSION, readModelFolder } from './read-model-folder.ts';
import type { Evaluation, ModelFolder, TrainActivities } from '../../contracts/activities/train.ts';
import { evaluateHiddenWeeks } from './evaluate-hidden-weeks.ts';

/** Grows with every code change that changes the report for the same model and hours. */
const EVALUATE_STAGE_VERSION = 3;

const REPORT_SCHEMA_VERSION = 2;

export function createEvaluateModel(deps: ActivityDependencies): TrainActivities['evaluateModel'] {
  return async ({ model, train, test, cache }) => {
    const key = {
      model: model.sha256,
      train: train.sha256,
      ...(test ? { test: test.sha256 } : {}),
      version: EVALUATE_STAGE_VERSION,
    };
    const { value, cached } = await deps.artifacts.cached('evaluate', key, cache, () =>
      test ? evaluateFrames(deps, model, train, test) : evaluateHiddenWeeks(deps, model, train),
    );
    return { ...value, cached };
  };
}

/** Computes the importance of features, the longest part of an evaluation. The worker heartbeats between its steps. */
async function importanceOf(model: ServingModel, rows: readonly FrameRow[]): Promise<Importance[]> {
  const importance: Importance[] = [];
  for (const each of permutationImportances(model, rows)) {
    importance.push(each);
    await setImmediate();
  }
  return importance;
}

async function evaluateFrames(
  deps: ActivityDependencies,
  model: ArtifactRef,
  train: ArtifactRef,
  test: ArtifactRef,
): Promise<Omit<Evaluation, 'cached'>> {
  const files = await readModelFolder(deps.artifacts, model);
  const serving = parseModelFiles(files);
  const trainRows = await readFrame(deps.artifacts, train);
  const rows = await readFrame(deps.artifacts, test);
  const training = parseJsonFile<TrainingReport>(files, TRAINING_REPORT_FILE) ?? null;
  const { report, scored } = evaluate(serving, trainRows, rows, training, await importanceOf(serving, rows));
  const history = parseJsonFile<Record<string, number[]>>(files, HISTORY_FILE) ?? {};
  const figures = evaluationPictures({ report, rows, scored, history });

  const producer = producerOf('evaluate', deps.codeVersion);
  const common = {
    schemaVersion: REPORT_SCHEMA_VERSION,
    inputs: [model, train, test],
    parameters: {},
    facts: { ...report.metrics },
    synthetic: serving.spec.trainedOn.synthetic,
  };
  const write = (name: string, contentType: string, text: string) =>
    deps.artifacts.write(producer, { ...common, name, contentType, content: new TextEncoder().encode(text) });
  const writeJson = (value: unknown, artifact: { name: string; rows?: number }) =>
    deps.artifacts.writeJson(producer, value, { ...common, ...artifact });
  const page = write('evaluation.html', 'text/html; charset=utf-8', evaluationPage(report, figures));
  const pictures = Object.entries(figures).map(
    async ([name, figure]) =>
      [`pictures/${name}.svg`, await write(`${name}.svg`, 'image/svg+xml', svgFile(figure))] as const,
  );
  const listing: ModelFolder = {
    schemaVersion: MODEL_FOLDER_SCHEMA_VERSION,
    files: { 'evaluation.html': await page, ...Object.fromEntries(await Promise.all(pictures)) },
  };
  return {
    metrics: report.metrics,
    naive: report.naive.meanByCalendar,
    withoutGrowth: report.withoutGrowth,
    ...(report.insideTraining ? { randomSplit: report.insideTraining.randomSplit.metrics } : {}),
    ...(report.insideTraining ? { weekBlocks: report.insideTraining.weekBlocks.metrics } : {}),
    pictures: await writeJson(listing, { name: 'evaluation-files.json' }),
    report: await writeJson(report, { name: 'evaluation.json', rows: rows.length }),
  };
}
