-- Stores each worker process with the settings that other services cannot know. Heartbeats keep a row alive.
CREATE TABLE worker_process (
  instance_id      text PRIMARY KEY,       -- one per process, new at every start
  has_webhook      boolean NOT NULL,       -- whether WEBHOOK_URL is set for this worker
  started_at       timestamptz NOT NULL DEFAULT now(),
  heartbeat_at     timestamptz NOT NULL DEFAULT now()
);
