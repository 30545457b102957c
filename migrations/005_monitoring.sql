-- Whether the trips of a week were published when it was checked. Before, its drift is that of weather and forecasts, and what is
-- measured against trips is null until a later check completes the row.
ALTER TABLE drift_weeks ADD COLUMN with_trips boolean NOT NULL DEFAULT true;
ALTER TABLE drift_decisions ADD COLUMN with_trips boolean NOT NULL DEFAULT true;

-- What the like-with-like comparison found: residuals after season and weather against those of the model's training weeks.
ALTER TABLE drift_weeks
  ADD COLUMN level            double precision,  -- about the share by which demand is off its forecast
  ADD COLUMN level_threshold  double precision,  -- from which |level| is an alarm
  ADD COLUMN alarm            boolean;           -- null where it was not judged

-- Retrainings that drift checks started: one a model version and month checked, however often the month is checked.
CREATE TABLE drift_retrainings (
  model          text NOT NULL,
  month          text NOT NULL,                  -- 2025-03, the last of the span checked
  model_version  text NOT NULL,                  -- the champion that was found wanting
  system         text NOT NULL,
  workflow_id    text NOT NULL,                  -- the drift check that started it
  outcome        text NOT NULL CHECK (outcome IN ('started', 'promoted', 'rejected', 'failed')),
  candidate      text,                           -- version fitted through the month before
  heir           text,                           -- version fitted through the month, where it was promoted
  reason         text,
  started_at     timestamptz NOT NULL DEFAULT now(),
  finished_at    timestamptz,
  PRIMARY KEY (model, month, model_version)
);

-- Every decision with what came of it, the newest months first.
CREATE VIEW citibike_decisions AS
SELECT
  decided.recorded_at,
  to_char(decided.current_to, 'YYYY-MM') AS month,
  decided.system, decided.model, decided.model_version,
  decided.reference_from, decided.reference_to, decided.current_from, decided.current_to,
  decided.with_trips, decided.weeks, decided.drifted_weeks,
  decided.decision, decided.reasons,
  retraining.outcome AS retraining, retraining.candidate, retraining.heir, retraining.reason AS retraining_reason,
  retraining.workflow_id AS retraining_workflow,
  decided.report_uri, decided.html_uri
FROM drift_decisions AS decided
LEFT JOIN drift_retrainings AS retraining
  ON retraining.model = decided.model
 AND retraining.model_version = decided.model_version
 AND retraining.month = to_char(decided.current_to, 'YYYY-MM')
 AND decided.decision = 'retrain'
ORDER BY decided.current_to DESC, decided.recorded_at DESC;

-- What the like-with-like comparison says of the newest check of each week.
CREATE VIEW citibike_week_levels AS
SELECT checked.last_date::timestamp AS timestamp, week, checked.level, checked.level_threshold, checked.alarm
FROM drift_newest_weeks AS newest
JOIN drift_weeks AS checked USING (system, model, model_version, reference_sha256, week);

-- Who looks and never writes: dashboards log in with a role that is a member of this one.
--   CREATE ROLE grafana_reader LOGIN PASSWORD '...' IN ROLE citibike_reader;
-- Where the owner of this database may not create roles, an administrator does, and grants what is granted here.
DO $$
BEGIN
  BEGIN
    CREATE ROLE citibike_reader NOLOGIN;
  EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;  -- roles belong to the whole server: another database or a script made it
    WHEN insufficient_privilege THEN RAISE NOTICE 'no right to create role citibike_reader: an administrator has to';
  END;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'citibike_reader') THEN
    GRANT USAGE ON SCHEMA public TO citibike_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO citibike_reader;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO citibike_reader;
  END IF;
END
$$;
