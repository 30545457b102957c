import { executeChild, patched, workflowInfo } from '@temporalio/workflow';
import { addMonths } from '../contracts/calendar.ts';
import { DEFAULT_SYSTEM, type SystemId } from '../contracts/systems.ts';
import { isServed } from './activities.ts';
import { deployment } from './deployment.ts';
import { ingest } from './ingest.ts';
import { monitoring } from './monitoring.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { training } from './training.ts';
import { upgradeIf } from './versioning-of-run.ts';
import { LifecycleInput, type LifecycleResult } from '../contracts/workflows/lifecycle.ts';
import { MonitoringInput } from '../contracts/workflows/monitoring.ts';
import { TrainingInput, type TrainingResult } from '../contracts/workflows/training.ts';
import type { DeploymentResult } from '../contracts/workflows/deployment.ts';
import { parseInput } from '../contracts/parse-input.ts';
import { startedBy } from './started-by.ts';
import { startedByMemo } from '../contracts/started-by.ts';

/** Runs ingest, training, deployment and monitoring as child workflows. People can also start each of them alone. */
export async function lifecycle(raw: LifecycleInput): Promise<LifecycleResult> {
  const input = parseInput('lifecycle', LifecycleInput, raw);
  // Its training waits for the approval, and it waits for the training.
  await upgradeIf(input.approval.required, raw);
  const progress = new ProgressTracker(['ingest', 'training', 'deployment', 'monitoring']);
  const { system, rules, cache, train, test } = input;
  const reference = input.reference ?? { from: addMonths(test.from, -12), to: addMonths(test.to, -12) };
  const model = input.model ? { model: input.model } : {};
  setSearchAttribute('system', system);
  setSearchAttribute('month', `${train.from}..${test.to}`);
  const childId = (stage: string) => `${workflowInfo().workflowId}-${stage}`;

  const data = await progress.run(
    'ingest',
    () =>
      executeChild(ingest, {
        workflowId: childId('ingest'),
        args: [
          {
            ...train,
            also: [test, reference],
            system,
            rules,
            cache,
            allowMissing: input.allowMissing,
            requireWeather: true,
            source: input.source,
          },
        ],
      }),
    childId('ingest'),
  );
  const trained = await progress.run(
    'training',
    () =>
      executeChild(training, {
        workflowId: childId('training'),
        ...startedByMemo(startedBy()),
        args: [
          parseInput('training', TrainingInput, {
            system,
            rules,
            train,
            test,
            cache,
            dataset: data.dataset,
            featureSet: input.featureSet,
            hyperParameters: input.hyperParameters,
            search: input.search,
            seed: input.seed,
            promotionThreshold: input.promotionThreshold,
            approval: input.approval,
            traffic: input.traffic,
            ...model,
          }),
        ],
      }),
    childId('training'),
  );
  setSearchAttribute('modelVersion', trained.version);
  const deployed = await deployOnce(system, trained, progress, childId('deployment'));
  const monitored = await progress.run(
    'monitoring',
    () =>
      executeChild(monitoring, {
        workflowId: childId('monitoring'),
        args: [
          parseInput('monitoring', MonitoringInput, {
            system,
            rules,
            reference,
            current: test,
            dataset: data.dataset,
            retrain: false,
            cache,
            model: trained.model,
          }),
        ],
      }),
    childId('monitoring'),
  );
  return { data, training: trained, deployment: deployed, monitoring: monitored };
}

/**
 * Deploys the champion, unless the promotion of this training has just rolled it out, or no prediction service serves the model of a
 * further system. The service of the default system must run.
 */
async function deployOnce(
  system: SystemId,
  { model, version, promotion }: TrainingResult,
  progress: ProgressTracker,
  workflowId: string,
): Promise<DeploymentResult> {
  const { promote, servedBy, generation } = promotion;
  // A training that ran before this check existed recorded no generation.
  if (promote && servedBy.length > 0 && generation !== undefined && patched('rolls-out-once')) {
    return progress.run('deployment', async (step) => {
      step.detail(`promotion rolled out version ${version}`);
      return { model, version, generation, processes: servedBy, trial: null };
    });
  }
  if (system !== DEFAULT_SYSTEM && patched('deploys-what-is-served') && !(await isServed({ model })).served) {
    progress.skip('deployment', `no prediction service serves ${model}; start one with MODEL_NAME=${model}`);
    return { model, version, generation: generation ?? null, processes: [], trial: null };
  }
  const deploy = () => executeChild(deployment, { workflowId, args: [{ alias: 'champion', model }] });
  return progress.run('deployment', deploy, workflowId);
}
