/** Prints the logs of a run's steps. */
import { CitibikeError } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';
import { askConsole, askConsoleForText } from './console-api.ts';
import { findSteps, type NamedStep } from './find-steps.ts';
import { print } from './print.ts';

interface RunSteps {
  readonly steps: readonly NamedStep[] | null;
}

/**
 * Prints the log of every step that the name means, or of all steps. Dots lead into child workflows, as in `training.train`.
 * @throws CitibikeError SOURCE_NOT_FOUND if no such step has a log; the message lists the steps.
 */
export async function printRunLogs(run: string, step: string | undefined, runId?: string): Promise<void> {
  const [first, ...rest] = step?.split('.') ?? [];
  const { steps } = await askConsole<RunSteps>(`/api/runs/${encodeURIComponent(run)}`, { runId });
  // The steps are unknown if Temporal has deleted them; their logs may still exist under their ids.
  const found = steps === null ? idOnly(step) : first === undefined ? steps : findSteps(steps, first);
  const children = found.flatMap(({ childWorkflowId }) => childWorkflowId ?? []);
  if (rest.length > 0 || (found.length > 0 && children.length === found.length)) {
    if (children.length === 0) throw unknownStep(run, step!, steps ?? []);
    for (const child of children) await printRunLogs(child, rest.join('.') || undefined);
    return;
  }
  let printed = 0;
  for (const { id, name } of found) {
    const log = await logOf(run, id, runId);
    if (log === undefined) continue;
    if (found.length > 1) print(`== ${name} (${id})\n`);
    print(log.endsWith('\n') ? log : `${log}\n`);
    printed += 1;
  }
  if (printed > 0) return;
  if (found.length === 0 && step !== undefined) throw unknownStep(run, step, steps ?? []);
  throw new CitibikeError(
    'SOURCE_NOT_FOUND',
    `there is no log of ${step === undefined ? `a step of ${run}` : `step ${showValue(step)}`} yet; the worker writes it when the attempt ends`,
  );
}

const idOnly = (step: string | undefined): NamedStep[] =>
  step === undefined ? [] : [{ id: step, name: step }];

async function logOf(run: string, step: string, runId: string | undefined): Promise<string | undefined> {
  try {
    return await askConsoleForText(`/api/runs/${encodeURIComponent(run)}/logs`, { step, runId });
  } catch (error) {
    if (error instanceof CitibikeError && error.code === 'SOURCE_NOT_FOUND') return undefined;
    throw error;
  }
}

function unknownStep(run: string, step: string, steps: readonly NamedStep[]): CitibikeError {
  const names = steps.map(({ id, name }) => `${name} (${id})`).join(', ');
  return new CitibikeError(
    'SOURCE_NOT_FOUND',
    `${run} has no step ${showValue(step)}, expected one of: ${names || 'none yet'}`,
  );
}
