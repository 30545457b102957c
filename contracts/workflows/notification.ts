/** Workflow `notification`: posts an event to the webhook. Events have facts and reasons, never inputs, rows or settings. */
import { Type, type Static } from 'typebox';
import type { WorkflowContract } from '../workflow-contract.ts';

export const EventType = Type.Union(
  [
    Type.Literal('promotion'),
    Type.Literal('rollback'),
    Type.Literal('run-failed'),
    Type.Literal('alert'),
    Type.Literal('test'),
  ],
  { title: 'kind of event', description: "'promotion', 'rollback', 'run-failed', 'alert' or 'test'" },
);
export type EventType = Static<typeof EventType>;

/** Temporal ids have at most 1,000 characters. */
const Id = Type.String({
  pattern: '^[\\x20-\\x7e]{1,1100}$',
  description: 'an id of up to 1100 printable ASCII characters',
});
const Text = (most: number) =>
  Type.String({ maxLength: most, description: `a text of up to ${most} characters` });

export const WebhookEvent = Type.Object(
  {
    /** Event id. It is the same for every attempt, so a receiver can skip an id that it has seen. */
    id: Id,
    type: EventType,
    /** ISO time of the event. */
    at: Text(40),
    workflowType: Text(1_000),
    workflowId: Text(1_000),
    runId: Text(100),
    /** Sentence for people. */
    text: Text(10_000),
    model: Type.Optional(Text(256)),
    version: Type.Optional(Text(100)),
  },
  { additionalProperties: false },
);
export type WebhookEvent = Static<typeof WebhookEvent>;

export const contract: WorkflowContract = {
  name: 'notification',
  title: 'Notify',
  description: 'Post one event to the webhook.',
  input: WebhookEvent,
  versioning: 'pinned',
};
