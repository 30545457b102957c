-- Stores findings of drift checks, one row per system, model version, reference and ISO week. A repeated check replaces its rows.
CREATE TABLE drift_weeks (
  system                          text NOT NULL,
  model                           text NOT NULL,
  model_version                   text NOT NULL,
  reference_sha256                text NOT NULL,      -- digest of the reference frame
  week                            text NOT NULL,      -- 2025-W01
  first_date                      date NOT NULL,      -- first and last date present
  last_date                       date NOT NULL,
  hours                           integer NOT NULL,
  prediction_drift                double precision,   -- drift score of the prediction; null if there was nothing to test
  num_drifted_columns             integer NOT NULL,
  share_missing_values            double precision NOT NULL,
  -- Errors are in trips per hour, mean_abs_perc_error in percent; null if there are too few rows.
  r2_score_reference              double precision,
  r2_score_current                double precision,
  rmse_score_reference            double precision,
  rmse_score_current              double precision,
  mae_score_reference             double precision,
  mae_score_current               double precision,
  mean_error_reference            double precision,   -- mean of prediction - actual
  mean_error_current              double precision,
  abs_error_max_reference         double precision,
  abs_error_max_current           double precision,
  mean_abs_perc_error_reference   double precision,
  mean_abs_perc_error_current     double precision,
  error_std_reference             double precision,
  error_std_current               double precision,
  abs_error_std_reference         double precision,
  abs_error_std_current           double precision,
  abs_perc_error_std_reference    double precision,   -- a fraction, not percent
  abs_perc_error_std_current      double precision,
  -- These cover the middle 90 %, the lowest 5 % and the highest 5 % of the reference's errors.
  underperformance_mean_error     double precision,
  underperformance_std_error      double precision,
  underestimation_mean_error      double precision,
  underestimation_std_error       double precision,
  overestimation_mean_error       double precision,
  overestimation_std_error        double precision,
  report_uri                      text NOT NULL,
  recorded_at                     timestamptz NOT NULL,
  PRIMARY KEY (system, model, model_version, reference_sha256, week)
);
CREATE INDEX drift_weeks_last_date ON drift_weeks (last_date);

CREATE TABLE drift_columns (
  system            text NOT NULL,
  model             text NOT NULL,
  model_version     text NOT NULL,
  reference_sha256  text NOT NULL,
  week              text NOT NULL,
  column_name       text NOT NULL,
  test              text,                -- null if a side had no values to test
  score             double precision,    -- p-value or distance
  threshold         double precision,
  drifted           boolean NOT NULL,
  PRIMARY KEY (system, model, model_version, reference_sha256, week, column_name),
  FOREIGN KEY (system, model, model_version, reference_sha256, week) REFERENCES drift_weeks ON DELETE CASCADE
);

CREATE TABLE drift_decisions (
  system            text NOT NULL,
  model             text NOT NULL,
  model_version     text NOT NULL,
  reference_sha256  text NOT NULL,
  current_sha256    text NOT NULL,
  reference_from    date NOT NULL,
  reference_to      date NOT NULL,
  current_from      date NOT NULL,
  current_to        date NOT NULL,
  weeks             integer NOT NULL,
  drifted_weeks     integer NOT NULL,
  decision          text NOT NULL CHECK (decision IN ('keep', 'watch', 'retrain', 'alert')),
  reasons           jsonb NOT NULL,      -- texts, the most urgent first
  report_uri        text NOT NULL,
  html_uri          text NOT NULL,
  recorded_at       timestamptz NOT NULL,
  PRIMARY KEY (system, model, model_version, reference_sha256, current_sha256)
);
CREATE INDEX drift_decisions_recorded ON drift_decisions (recorded_at DESC);

-- Lists the newest check of each week of one system: nyc if nyc is monitored, otherwise the only monitored system.
CREATE VIEW drift_newest_weeks AS
SELECT DISTINCT ON (week) *
FROM drift_weeks
WHERE system = (SELECT system FROM drift_weeks ORDER BY system = 'nyc' DESC, system LIMIT 1)
ORDER BY week, recorded_at DESC, model, model_version DESC, reference_sha256;

-- Serves dashboards with one row per week. The columns up to the last three are a contract.
CREATE VIEW citibike_metrics AS
SELECT
  last_date::timestamp AS timestamp,
  prediction_drift, num_drifted_columns, share_missing_values,
  r2_score_reference, r2_score_current,
  rmse_score_reference, rmse_score_current,
  mae_score_reference, mae_score_current,
  mean_error_reference, mean_error_current,
  abs_error_max_reference, abs_error_max_current,
  mean_abs_perc_error_reference, mean_abs_perc_error_current,
  error_std_reference, error_std_current,
  abs_error_std_reference, abs_error_std_current,
  abs_perc_error_std_reference, abs_perc_error_std_current,
  underperformance_mean_error, underperformance_std_error,
  underestimation_mean_error, underestimation_std_error,
  overestimation_mean_error, overestimation_std_error,
  system, model_version, week
FROM drift_newest_weeks
ORDER BY last_date;

-- Lists the columns of the same checks.
CREATE VIEW citibike_drift_columns AS
SELECT newest.last_date::timestamp AS timestamp, week, column_name, test, score, threshold, drifted
FROM drift_newest_weeks AS newest
JOIN drift_columns USING (system, model, model_version, reference_sha256, week);
