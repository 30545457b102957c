-- Tells whether the trips of a week were published when it was checked. Without trips, drift covers weather and forecasts only, and
-- metrics that need trips are null until a later check completes the row.
ALTER TABLE drift_weeks ADD COLUMN with_trips boolean NOT NULL DEFAULT true;
ALTER TABLE drift_decisions ADD COLUMN with_trips boolean NOT NULL DEFAULT true;

-- Adds the like-with-like comparison: residuals after season and weather, compared with those of the model's training weeks.
ALTER TABLE drift_weeks
  ADD COLUMN level            double precision,  -- approximate share by which demand differs from its forecast
  ADD COLUMN level_threshold  double precision,  -- |level| from which the week is an alarm
  ADD COLUMN alarm            boolean;           -- null if it was not judged

-- Stores retrainings that drift checks started: one per model version and month, even if the month is checked repeatedly.
CREATE TABLE drift_retrainings (
  model          text NOT NULL,
  month          text NOT NULL,                  -- 2025-03, the last month of the checked span
  model_version  text NOT NULL,                  -- the champion that the drift check found inadequate
  system         text NOT NULL,
  workflow_id    text NOT NULL,                  -- the drift check that started it
  outcome        text NOT NULL CHECK (outcome IN ('started', 'promoted', 'rejected', 'failed')),
  candidate      text,                           -- version trained through the month before
  heir           text,                           -- the refit: version trained through the month, if the candidate was promoted
  reason         text,
  started_at     timestamptz NOT NULL DEFAULT now(),
  finished_at    timestamptz,
  PRIMARY KEY (model, month, model_version)
);

-- Lists every decision with its consequences, the newest months first.
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

-- Lists the like-with-like comparison of the newest check of each week.
CREATE VIEW citibike_week_levels AS
SELECT checked.last_date::timestamp AS timestamp, week, checked.level, checked.level_threshold, checked.alarm
FROM drift_newest_weeks AS newest
JOIN drift_weeks AS checked USING (system, model, model_version, reference_sha256, week);

-- Creates the read-only role. Dashboards log in with a member role:
--   CREATE ROLE grafana_reader LOGIN PASSWORD '...' IN ROLE citibike_reader;
-- If the owner of this database may not create roles, an administrator creates it with the same grants.
DO $$
BEGIN
  BEGIN
    CREATE ROLE citibike_reader NOLOGIN;
  EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;  -- roles belong to the whole server, so another database or a script may have created it
    WHEN insufficient_privilege THEN RAISE NOTICE 'no right to create role citibike_reader: an administrator has to';
  END;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'citibike_reader') THEN
    GRANT USAGE ON SCHEMA public TO citibike_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO citibike_reader;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO citibike_reader;
  END IF;
END
$$;
