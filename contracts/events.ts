/** What the webhook tells the outside. Facts and reasons only: never inputs, rows or settings. */
export type EventType = 'promotion' | 'rollback' | 'run-failed' | 'alert';

export interface WebhookEvent {
  /** The same for every attempt: a receiver that has seen it has seen it all. */
  readonly id: string;
  readonly type: EventType;
  /** ISO time at which it happened. */
  readonly at: string;
  readonly workflowType: string;
  readonly workflowId: string;
  readonly runId: string;
  /** One sentence for people. */
  readonly text: string;
  readonly model?: string;
  readonly version?: string;
}
