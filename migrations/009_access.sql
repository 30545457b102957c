-- Lets tokens expire, together with their sessions.
ALTER TABLE console_tokens ADD COLUMN expires_at timestamptz;

-- Stores the sessions of browser cookies. A session ends with its token, because both are looked up together.
CREATE TABLE console_sessions (
  sha256        text PRIMARY KEY,          -- digest of the session id, lower-case hex
  token_sha256  text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL
);
CREATE INDEX console_sessions_token ON console_sessions (token_sha256);

-- Stores outcomes as separate rows, because audit rows are written once and never changed.
CREATE TABLE console_audit_outcomes (
  audit_id  bigint PRIMARY KEY REFERENCES console_audit (id),
  at        timestamptz NOT NULL DEFAULT now(),
  outcome   text NOT NULL                  -- ok | the error
);

ALTER TABLE console_audit
  ADD COLUMN kind        text    NOT NULL DEFAULT 'action',
  ADD COLUMN via         text    NOT NULL DEFAULT 'console',
  ADD COLUMN verified    boolean NOT NULL DEFAULT true,   -- true if who is the name of a presented token
  ADD COLUMN count       integer NOT NULL DEFAULT 1,      -- number of rejections that the row summarises
  ADD COLUMN workflow_id text,                            -- the run that the action starts
  ADD COLUMN run_id      text;                            -- run id of a start that no action announced

-- Marks actions that bypassed the check before routes declared their access.
UPDATE console_audit SET who = 'unknown', verified = false WHERE who = '';

ALTER TABLE console_audit
  ALTER COLUMN kind DROP DEFAULT,
  ALTER COLUMN via DROP DEFAULT,
  ALTER COLUMN verified DROP DEFAULT,
  ADD CONSTRAINT console_audit_kind CHECK (kind IN ('action', 'sign-in', 'sign-out', 'rejection', 'start')),
  ADD CONSTRAINT console_audit_via CHECK (via IN ('console', 'cli', 'temporal')),
  ADD CONSTRAINT console_audit_who CHECK (who <> ''),
  ADD CONSTRAINT console_audit_count CHECK (count > 0),
  -- Actions and sign-ins require a token. The constraint is NOT VALID because older rows may violate it.
  ADD CONSTRAINT console_audit_identity CHECK (verified OR via <> 'console' OR kind = 'rejection') NOT VALID;

CREATE INDEX console_audit_workflow ON console_audit (workflow_id, at) WHERE workflow_id IS NOT NULL;
CREATE UNIQUE INDEX console_audit_start ON console_audit (run_id) WHERE run_id IS NOT NULL;
