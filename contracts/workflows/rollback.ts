/** Workflow `rollback`: makes an earlier version champion again. */
import { Type, type Static } from 'typebox';
import { ModelName, Reason, VersionNumber } from '../options.ts';
import { promotionFacts, type PromotionResult } from './promotion.ts';
import { outcome, sentence, versionLink, type Outcome, type StoredResult } from '../outcome.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

export const RollbackInput = Type.Object(
  {
    model: Type.Optional(ModelName),
    version: Type.Optional(
      Type.String({
        ...VersionNumber,
        title: 'version to roll back to; default: the version of alias `previous`',
      }),
    ),
    reason: Type.Optional(Reason),
  },
  { additionalProperties: false },
);
export type RollbackInput = Static<typeof RollbackInput>;

export const contract: WorkflowContract = {
  name: 'rollback',
  title: 'Roll back',
  description: 'Make the previous version, or one by number, champion again and serve it.',
  input: RollbackInput,
  versioning: 'pinned',
  outcome: outcomeOf,
  start: { order: 90, example: { reason: 'predictions are too high' } },
};

export interface RollbackResult extends PromotionResult {
  readonly model: string;
}

function outcomeOf(result: StoredResult<RollbackResult>): Outcome {
  const { model, version, promote, reason } = result;
  const done =
    promote === false ? `Version ${version ?? '?'} stays` : `Rolled back to version ${version ?? '?'}`;
  return outcome(`${done}. ${sentence(reason ?? '')}`.trim(), promotionFacts(result), [
    versionLink(model, version),
  ]);
}
