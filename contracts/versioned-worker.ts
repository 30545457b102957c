/**
 * Names the global by which a versioned worker tells its workflows so. Temporal rejects a versioning behaviour that a run on an unversioned
 * worker states, and retries the task forever.
 */
export const VERSIONED_WORKER = 'citibikeVersionedWorker';
