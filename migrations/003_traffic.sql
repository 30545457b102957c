-- Adds a canary or shadow beside the desired version, with its share of the requests. Its workflow renews trial_until. Without a
-- renewal it ends, and the desired version answers all requests.
ALTER TABLE serving_generation
  ADD COLUMN trial_id       bigint NOT NULL DEFAULT 0,  -- incremented by every canary or shadow; kept after its end
  ADD COLUMN trial_version  text,                       -- null if there is none
  ADD COLUMN trial_mode     text CHECK (trial_mode IN ('canary', 'shadow')),
  ADD COLUMN trial_percent  integer,
  ADD COLUMN trial_owner    text,                       -- workflow id and run id
  ADD COLUMN trial_until    timestamptz;

-- Stores running totals per process and version since the canary or shadow began, written with heartbeats.
CREATE TABLE serving_traffic (
  model              text NOT NULL,
  trial_id           bigint NOT NULL,
  instance_id        text NOT NULL,
  version            text NOT NULL,
  requests           bigint NOT NULL,
  errors             bigint NOT NULL,
  latency_buckets    bigint[] NOT NULL,           -- requests by compute time, in the buckets of core/serving/latency-histogram.ts
  compared_rows      bigint NOT NULL,             -- rows that the other version computed too
  disagreement_sum   double precision NOT NULL,   -- sum of |candidate - served| / max(served, 1 trip) over these rows
  skipped            bigint NOT NULL,             -- requests that were not compared because the process was busy
  updated_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (model, trial_id, instance_id, version)
);
