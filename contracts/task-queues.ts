/** Task queues. Data and training are apart so that workers for each scale by their own count. */
export const TASK_QUEUE = 'citibike';

/** One slot a worker: a training takes the machine's cores for a minute. */
export const TRAINING_TASK_QUEUE = 'citibike-training';

export const WORKFLOW_TYPES = [
  'lifecycle',
  'ingest',
  'training',
  'promotion',
  'deployment',
  'monitoring',
] as const;
export type WorkflowType = (typeof WORKFLOW_TYPES)[number];
