-- A version on trial beside the desired one: which share of the requests it answers, or that it only computes along.
-- The workflow that runs the trial renews trial_until; when it is gone, so is the trial, and the desired version answers all.
ALTER TABLE serving_generation
  ADD COLUMN trial_id       bigint NOT NULL DEFAULT 0,  -- grows by one with every trial; stays when it is over
  ADD COLUMN trial_version  text,                       -- null when there is none
  ADD COLUMN trial_mode     text CHECK (trial_mode IN ('canary', 'shadow')),
  ADD COLUMN trial_percent  integer,
  ADD COLUMN trial_owner    text,                       -- workflow id and run id
  ADD COLUMN trial_until    timestamptz;

-- What each process counted of each version since the trial began: running totals, written with its heartbeat.
CREATE TABLE serving_traffic (
  model              text NOT NULL,
  trial_id           bigint NOT NULL,
  instance_id        text NOT NULL,
  version            text NOT NULL,
  requests           bigint NOT NULL,
  errors             bigint NOT NULL,
  latency_buckets    bigint[] NOT NULL,           -- requests by time of computing, in the buckets of core/serving/latency-histogram.ts
  compared_rows      bigint NOT NULL,             -- rows that the other version computed too
  disagreement_sum   double precision NOT NULL,   -- over these rows, of |candidate - served| / max(served, 1 trip)
  skipped            bigint NOT NULL,             -- requests that were not compared because the process had enough to do
  updated_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (model, trial_id, instance_id, version)
);
