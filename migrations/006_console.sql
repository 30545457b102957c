-- Who may act in the console: names of tokens, of each only its SHA-256.
CREATE TABLE console_tokens (
  name        text PRIMARY KEY,
  sha256      text NOT NULL UNIQUE,      -- of the token, lower-case hex
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- Every action asked for in the console. Written before it is done; the outcome follows.
CREATE TABLE console_audit (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at           timestamptz NOT NULL DEFAULT now(),
  who          text NOT NULL,             -- name of the token
  from_address text NOT NULL,
  action       text NOT NULL,             -- method and route
  target       text NOT NULL,             -- workflow, model, schedule
  detail       jsonb NOT NULL,
  outcome      text NOT NULL              -- begun | ok | what went wrong
);

-- The list of runs is read newest first, by type or under a parent.
CREATE INDEX workflow_runs_type_started ON workflow_runs (type, started_at DESC);
CREATE INDEX workflow_runs_parent ON workflow_runs (parent_id) WHERE parent_id IS NOT NULL;
