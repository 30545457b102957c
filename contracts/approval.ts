/** Describes how a person approves or rejects a promotion. */
import { Type, type Static } from 'typebox';

export const ApprovalInput = Type.Object(
  {
    required: Type.Boolean({
      title: 'wait for a person to approve the promotion',
      default: false,
      description: 'true or false',
    }),
    timeoutHours: Type.Number({
      title: 'hours to wait for a decision',
      exclusiveMinimum: 0,
      maximum: 24 * 90,
      default: 72,
      description: 'hours from 0 (exclusive) to 2160',
    }),
    onTimeout: Type.Union([Type.Literal('reject'), Type.Literal('promote')], {
      title: 'decision after the timeout',
      default: 'reject',
      description: "'reject' or 'promote'",
    }),
  },
  {
    title: 'approval of the promotion by a person',
    additionalProperties: false,
    default: {},
    description: 'an object such as {"required": true, "timeoutHours": 24}',
  },
);
export type ApprovalInput = Static<typeof ApprovalInput>;

/** Is the argument of the update `approvePromotion`. */
export const ApprovalDecision = Type.Object(
  {
    approve: Type.Boolean({ title: 'promote the version, or reject it', description: 'true or false' }),
    by: Type.String({
      title: 'name of the person who decides',
      minLength: 1,
      maxLength: 200,
      description: 'a text of 1 to 200 characters',
    }),
    reason: Type.Optional(
      Type.String({
        title: 'reason of the decision',
        maxLength: 2000,
        description: 'a text of up to 2000 characters',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ApprovalDecision = Static<typeof ApprovalDecision>;

/** Is the argument of the update `rollback`, which ends a running canary or shadow. */
export const RollbackRequest = Type.Object(
  {
    by: ApprovalDecision.properties.by,
    reason: ApprovalDecision.properties.reason,
    /** Runs of another model reject the request. */
    model: Type.Optional(
      Type.String({
        title: 'model whose canary or shadow ends; default: any model',
        description: 'a registered model name',
      }),
    ),
  },
  { additionalProperties: false },
);
export type RollbackRequest = Static<typeof RollbackRequest>;
