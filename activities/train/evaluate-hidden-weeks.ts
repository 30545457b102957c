/** Evaluates a version without test months on the held-out weeks of its training. */
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { OUT_OF_FOLD_FILE, parseOutOfFold } from '../../core/training/out-of-fold.ts';
import { parseModelFiles } from '../../core/serving/serving-model.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { readModelFolder } from './read-model-folder.ts';
import type { Evaluation } from '../../contracts/activities/train.ts';
import { scoreHiddenWeeks } from '../../core/evaluation/refit-evaluation.ts';

export async function evaluateHiddenWeeks(
  deps: ActivityDependencies,
  model: ArtifactRef,
  train: ArtifactRef,
): Promise<Omit<Evaluation, 'cached'>> {
  const files = await readModelFolder(deps.artifacts, model);
  const { spec } = parseModelFiles(files);
  const outOfFold = files[OUT_OF_FOLD_FILE];
  if (!outOfFold) {
    throw new CitibikeError(
      'BAD_MODEL',
      `${model.uri} lists no ${OUT_OF_FOLD_FILE}, expected it for a version without test months. Train the version again`,
    );
  }
  const report = scoreHiddenWeeks(
    spec.trainedOn,
    await readFrame(deps.artifacts, train),
    parseOutOfFold(outOfFold),
  );
  const ref = await deps.artifacts.writeJson(producerOf('evaluate', deps.codeVersion), report, {
    name: 'evaluation.json',
    schemaVersion: report.schemaVersion,
    rows: report.metrics.rows,
    inputs: [model, train],
    parameters: {},
    facts: { ...report.metrics },
    synthetic: spec.trainedOn.synthetic,
  });
  return {
    metrics: report.metrics,
    naive: report.naive.meanByCalendar,
    weekBlocks: report.metrics,
    report: ref,
  };
}
