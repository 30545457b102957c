/** A person's word on a promotion. */
import { Type, type Static } from 'typebox';

export const ApprovalInput = Type.Object(
  {
    required: Type.Boolean({ default: false, description: 'true or false' }),
    timeoutHours: Type.Number({
      exclusiveMinimum: 0,
      maximum: 24 * 90,
      default: 72,
      description: 'hours from 0 (exclusive) to 2160',
    }),
    /** What counts as said when nobody says anything. */
    onTimeout: Type.Union([Type.Literal('reject'), Type.Literal('promote')], {
      default: 'reject',
      description: "'reject' or 'promote'",
    }),
  },
  { additionalProperties: false, default: {} },
);
export type ApprovalInput = Static<typeof ApprovalInput>;

/** Argument of the update `approvePromotion`. */
export const ApprovalDecision = Type.Object(
  {
    approve: Type.Boolean({ description: 'true or false' }),
    by: Type.String({ minLength: 1, maxLength: 200, description: 'the name of who decides' }),
    reason: Type.Optional(Type.String({ maxLength: 2000, description: 'a text of up to 2000 characters' })),
  },
  { additionalProperties: false },
);
export type ApprovalDecision = Static<typeof ApprovalDecision>;

/** Argument of the update `rollback`, which ends a running canary or shadow. */
export const RollbackRequest = Type.Object(
  {
    by: ApprovalDecision.properties.by,
    reason: ApprovalDecision.properties.reason,
    /** Runs of another model reject the request. Without it, any model matches. */
    model: Type.Optional(Type.String({ description: 'a registered model name' })),
  },
  { additionalProperties: false },
);
export type RollbackRequest = Static<typeof RollbackRequest>;
