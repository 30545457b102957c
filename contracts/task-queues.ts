/** Task queues. Data and training are apart so that workers for each scale by their own count. */
export const TASK_QUEUE = 'citibike';

/** Few slots a worker (setting TRAINING_SLOTS): each is a trainer process that takes a core for as long as it lasts. */
export const TRAINING_TASK_QUEUE = 'citibike-training';
