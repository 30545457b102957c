/** Task queues. Data and training are apart so that workers for each scale by their own count. */
export const TASK_QUEUE = 'citibike';

/** One slot a worker: a training takes the machine's cores for a minute. */
export const TRAINING_TASK_QUEUE = 'citibike-training';
