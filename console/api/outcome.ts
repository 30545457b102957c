/** Says first what a run achieved, or why it did not: from the contract of its workflow, its state and its failure. */
import { outcome, sentence, type Outcome } from '../../contracts/outcome.ts';
import { WORKFLOWS } from '../../contracts/workflows/index.ts';
import { rootFailure } from './root-failure.ts';
import type { ApprovalBody, FailureBody, RunBody, StepBody } from './schemas/runs.ts';

interface Ended {
  readonly run: RunBody;
  readonly input: unknown;
  readonly result: unknown;
  readonly failure: readonly FailureBody[];
  readonly steps: readonly StepBody[] | null;
  readonly approval: ApprovalBody | null;
  readonly children: readonly RunBody[];
}

const CONTRACTS = new Map(WORKFLOWS.map((contract) => [contract.name, contract]));

export function outcomeOf(ended: Ended): Outcome {
  const { run, input, result } = ended;
  if (run.state === 'running') return goingOn(ended);
  if (run.state !== 'completed') return outcome(unfinished(ended), []);
  const known = contractOutcome(run.type, result, input);
  return known?.summary ? known : outcome('Completed.', []);
}

/** Returns undefined for a workflow that does not say it, and for a result that its contract cannot read. */
function contractOutcome(type: string, result: unknown, input: unknown): Outcome | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  try {
    return CONTRACTS.get(type)?.outcome?.(result, typeof input === 'object' && input !== null ? input : {});
  } catch {
    // A result of another version of the code is still shown as JSON.
    return undefined;
  }
}

/** Says what a run does now. If it or one of its child runs waits for a person, says so and links to the run to approve. */
function goingOn({ run, approval, children }: Ended): Outcome {
  const since = approval?.since?.slice(0, 16).replace('T', ' ');
  if (approval)
    return outcome(`${sentence(approval.what)}${since ? ` It has waited since ${since} UTC.` : ''}`, []);
  const waiting = children.find(({ state, stage }) => state === 'running' && stage === 'approval');
  if (waiting)
    return outcome(
      `Its child run ${waiting.workflowId} waits for approval.`,
      [],
      [{ kind: 'run', workflowId: waiting.workflowId }],
    );
  return outcome(run.stage ? `Running: ${run.stage}.` : 'Running.', []);
}

function unfinished({ run, failure, steps }: Ended): string {
  const reason = (rootFailure(failure)?.message ?? '').replace(/[.;,]+$/, '');
  const at = steps?.findLast(({ state }) => state === 'failed' || state === 'timed-out')?.name ?? run.stage;
  switch (run.state) {
    case 'failed':
      return run.rejected ? sentence(reason) : `Failed${at ? ` at ${at}` : ''}: ${reason}.`;
    case 'timed-out':
      return `Timed out${at ? ` at ${at}` : ''}.`;
    case 'terminated':
      return `Terminated${at ? ` at ${at}` : ''}${reason && reason !== 'terminated' ? `: ${reason}.` : '.'}`;
    case 'cancelled':
      return `Cancelled${at ? ` at ${at}` : ''}. Finished steps stay cached.`;
    default:
      return 'Continues as a new run, because the history grew long.';
  }
}
