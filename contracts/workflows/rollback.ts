/** Workflow `rollback`: goes back to an earlier version. */
import { Type, type Static } from 'typebox';
import { ModelName, VersionNumber, Reason } from '../options.ts';
import type { PromotionResult } from './promotion.ts';

/** Back to the version before, or to a named one. */
export const RollbackInput = Type.Object(
  {
    model: Type.Optional(ModelName),
    /** Left out: the version with alias `previous`. */
    version: Type.Optional(VersionNumber),
    reason: Type.Optional(Reason),
  },
  { additionalProperties: false },
);
export type RollbackInput = Static<typeof RollbackInput>;

export interface RollbackResult extends PromotionResult {
  readonly model: string;
}
