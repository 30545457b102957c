/** Names the task queues. Data and training have separate queues, so that their workers scale separately. */
export const TASK_QUEUE = 'citibike';

/** Names the queue with few slots per worker (setting TRAINING_SLOTS), because each trainer process occupies a core. */
export const TRAINING_TASK_QUEUE = 'citibike-training';
