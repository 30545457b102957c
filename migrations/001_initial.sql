-- Stores runs, steps and lineage, which the console shows after Temporal has deleted a history.
CREATE TABLE workflow_runs (
  workflow_id  text NOT NULL,
  run_id       text NOT NULL,
  type         text NOT NULL,
  status       text NOT NULL,              -- running | completed | failed | cancelled
  input        jsonb,
  result       jsonb,
  failure      text,
  parent_id    text,
  started_at   timestamptz NOT NULL DEFAULT now(),
  closed_at    timestamptz,
  PRIMARY KEY (workflow_id, run_id)
);
CREATE INDEX workflow_runs_started ON workflow_runs (started_at DESC);

CREATE TABLE step_runs (
  workflow_id  text NOT NULL,
  run_id       text NOT NULL,
  activity_id  text NOT NULL,
  activity     text NOT NULL,
  attempt      integer NOT NULL,
  status       text NOT NULL,              -- running | completed | cached | failed
  failure      text,
  worker       text,
  started_at   timestamptz NOT NULL DEFAULT now(),
  closed_at    timestamptz,
  PRIMARY KEY (workflow_id, run_id, activity_id, attempt)
);

CREATE TABLE lineage_edges (
  output_uri   text NOT NULL,
  input_uri    text NOT NULL,
  step         text NOT NULL,
  workflow_id  text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (output_uri, input_uri)
);
CREATE INDEX lineage_edges_input ON lineage_edges (input_uri);

-- Stores the desired generation of a model, and which generation each process of the prediction service serves.
CREATE TABLE serving_generation (
  model            text PRIMARY KEY,
  generation       bigint NOT NULL,        -- incremented by every change of desired_version
  desired_version  text,                   -- null until the first rollout
  staged_version   text,                   -- loaded beside the desired one and proven by its golden request
  reason           text NOT NULL,
  updated_at       timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE serving_process (
  instance_id      text PRIMARY KEY,       -- one per process, new at every start
  model            text NOT NULL,
  address          text NOT NULL,
  pid              integer NOT NULL,
  generation       bigint,                 -- the served generation
  served_version   text,
  proven_version   text,                   -- the staged version that answered its golden request here
  failed_version   text,                   -- the version that could not be loaded or proven here, and why
  failure          text,
  started_at       timestamptz NOT NULL DEFAULT now(),
  heartbeat_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE prediction_log (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  request_id    text NOT NULL,
  row_index     integer NOT NULL,
  predicted_at  timestamptz NOT NULL,
  model         text NOT NULL,
  version       text NOT NULL,
  target_hour   timestamp NOT NULL,        -- the predicted hour, New York wall clock
  features      jsonb NOT NULL,
  prediction    double precision NOT NULL,
  latency_ms    double precision NOT NULL
);
CREATE INDEX prediction_log_predicted_at ON prediction_log (predicted_at);
