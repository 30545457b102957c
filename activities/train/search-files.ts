/** Reads and writes plan and state of a search, and loads the rows that all trials train on. */
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { FORMER_PLACE } from '../../contracts/former-place.ts';
import { checkMonths } from '../../core/training/check-frame.ts';
import { weekBlockMasks } from '../../core/training/folds.ts';
import { DEFAULT_TRIAL } from '../../core/training/halving.ts';
import { prepareTraining, type TrainingSet } from '../../core/training/training-set.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import type { SearchPlan, SearchState } from '../../contracts/activities/search.ts';

const SCHEMA_VERSION = 1;

export interface Search {
  readonly plan: SearchPlan;
  readonly state: SearchState;
  /** Current rung, from 0. */
  readonly rung: number;
}

export async function readSearch(deps: ActivityDependencies, ref: ArtifactRef): Promise<Search> {
  const state = await deps.artifacts.readJson<SearchState>(ref);
  const plan = await deps.artifacts.readJson<SearchPlan>(state.plan);
  return { plan, state, rung: state.closed.length };
}

export function writePlan(deps: ActivityDependencies, plan: SearchPlan): Promise<ArtifactRef> {
  return write(deps, 'plan.json', plan, [plan.frame], plan.config.synthetic);
}

export function writeState(
  deps: ActivityDependencies,
  state: SearchState,
  synthetic: boolean,
): Promise<ArtifactRef> {
  return write(deps, `rung-${state.closed.length}.json`, state, [state.plan], synthetic);
}

function write(
  deps: ActivityDependencies,
  name: string,
  content: unknown,
  inputs: readonly ArtifactRef[],
  synthetic: boolean,
): Promise<ArtifactRef> {
  const artifact = { name, schemaVersion: SCHEMA_VERSION, inputs, parameters: {}, synthetic };
  return deps.artifacts.writeJson(producerOf('search', deps.codeVersion), content, artifact, 1);
}

export interface SearchRows {
  readonly training: TrainingSet;
  /** [folds, rows] */
  readonly masks: Uint8Array;
}

export type LoadRows = (plan: SearchPlan) => Promise<SearchRows>;

/** Returns a loader that caches the rows of the latest search, because its chunks follow one another. */
export function createLoadRows(deps: ActivityDependencies): LoadRows {
  let last: { readonly key: string; readonly rows: Promise<SearchRows> } | undefined;
  return (plan) => {
    const { growth } = plan.trials[DEFAULT_TRIAL]!;
    const key = JSON.stringify([plan.frame.sha256, plan.config.featureSet, plan.folds, growth, plan.place]);
    if (last?.key === key) return last.rows;
    const rows = loadRows(deps, plan);
    last = { key, rows };
    rows.catch(() => {
      last = undefined;
    });
    return rows;
  };
}

async function loadRows(deps: ActivityDependencies, plan: SearchPlan): Promise<SearchRows> {
  const { frame, config, folds, trials, place = FORMER_PLACE } = plan;
  const rows = await readFrame(deps.artifacts, frame);
  checkMonths(rows, config.span);
  const training = prepareTraining(rows, config.featureSet, { ...trials[DEFAULT_TRIAL]!, place });
  const masks = weekBlockMasks(rows, folds);
  for (let fold = 0; fold < folds; fold++) {
    if (masks.subarray(fold * rows.length, (fold + 1) * rows.length).includes(1)) continue;
    throw new CitibikeError(
      'TRAINING_FAILED',
      `${rows.length} training hours cannot be split into ${folds} folds of whole weeks. Train on more months, or set fewer folds`,
      { rows: rows.length, folds },
    );
  }
  return { training, masks };
}
