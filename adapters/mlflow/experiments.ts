/** Finds and creates experiments, MLflow's folders of runs. */
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import type { MlflowHttp } from './mlflow-http.ts';

const BASE = '/api/2.0/mlflow/experiments';

/** Lets MLflow open an experiment with its table of runs and charts, and not with traces of language models. */
const KIND = { key: 'mlflow.experimentKind', value: 'custom_model_development' } as const;

interface RawExperiment {
  readonly experiment_id: string;
  readonly tags?: readonly { readonly key: string }[];
  readonly lifecycle_stage?: string;
}

export class Experiments {
  readonly #http: MlflowHttp;

  constructor(http: MlflowHttp) {
    this.#http = http;
  }

  /** Returns the id of the experiment, which is created if missing. Concurrent callers get the same id. */
  async ensure(name: string): Promise<string> {
    const found = await this.#find(name);
    if (found) {
      if (!found.tags?.some(({ key }) => key === KIND.key)) await this.#setKind(found.experiment_id);
      return found.experiment_id;
    }
    try {
      const made = await this.#http.json<{ experiment_id: string }>({
        method: 'POST',
        path: `${BASE}/create`,
        json: { name, tags: [KIND] },
        idempotent: false,
      });
      return made.experiment_id;
    } catch (error) {
      if (!(error instanceof CitibikeError && error.code === 'CONFLICT')) throw error;
      const winner = await this.#find(name);
      if (winner) return winner.experiment_id;
      throw error;
    }
  }

  /** Returns the id; undefined if the experiment does not exist or was deleted. */
  async idOf(name: string): Promise<string | undefined> {
    return (await this.#find(name))?.experiment_id;
  }

  async delete(experimentId: string): Promise<void> {
    await this.#http.json({
      method: 'POST',
      path: `${BASE}/delete`,
      json: { experiment_id: experimentId },
      idempotent: true,
    });
  }

  async #setKind(experimentId: string): Promise<void> {
    await this.#http.json({
      method: 'POST',
      path: `${BASE}/set-experiment-tag`,
      json: { experiment_id: experimentId, ...KIND },
      idempotent: true,
    });
  }

  async #find(name: string): Promise<RawExperiment | undefined> {
    let experiment: RawExperiment;
    try {
      const answer = await this.#http.json<{ experiment: RawExperiment }>({
        method: 'GET',
        path: `${BASE}/get-by-name`,
        query: { experiment_name: name },
        idempotent: true,
      });
      experiment = answer.experiment;
    } catch (error) {
      const missing =
        error instanceof CitibikeError && error.details['errorCode'] === 'RESOURCE_DOES_NOT_EXIST';
      if (missing) return undefined;
      throw error;
    }
    if (experiment.lifecycle_stage !== 'deleted') return experiment;
    throw new CitibikeError(
      'UPSTREAM_REFUSED',
      `MLflow experiment ${showValue(name)} was deleted: restore it with 'mlflow experiments restore --experiment-id ${experiment.experiment_id}', or set MLFLOW_EXPERIMENT to another name`,
    );
  }
}
