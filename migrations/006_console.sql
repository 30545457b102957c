-- Stores the tokens of the console by name, each as a SHA-256 only.
CREATE TABLE console_tokens (
  name        text PRIMARY KEY,
  sha256      text NOT NULL UNIQUE,      -- digest of the token, lower-case hex
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- Records every action requested in the console before it runs; the outcome is added afterwards.
CREATE TABLE console_audit (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at           timestamptz NOT NULL DEFAULT now(),
  who          text NOT NULL,             -- name of the token
  from_address text NOT NULL,
  action       text NOT NULL,             -- method and route
  target       text NOT NULL,             -- workflow, model, schedule
  detail       jsonb NOT NULL,
  outcome      text NOT NULL              -- begun | ok | the error
);

-- The console lists runs newest first, by type or by parent.
CREATE INDEX workflow_runs_type_started ON workflow_runs (type, started_at DESC);
CREATE INDEX workflow_runs_parent ON workflow_runs (parent_id) WHERE parent_id IS NOT NULL;
