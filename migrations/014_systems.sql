-- Stores the clock of the predicted hours, because each system has its own.
ALTER TABLE prediction_blocks ADD COLUMN time_zone text; -- IANA zone of target_hour; null if a service of an older version wrote the block
COMMENT ON COLUMN prediction_blocks.target_hour IS 'the predicted hours, on the wall clock of time_zone';

-- Computes the errors of each version in service by predicted day, in trips per hour. This view alone decides which predictions count:
-- * They were made before their hour began. Both sides of the comparison are the wall clock of the system, in any time zone of the
--   session. The repeated hour in autumn begins with its first pass. Services of older versions compared with the clock of New York.
-- * They are not what-if requests.
-- * Only the last such prediction of each version and hour counts, so that popular hours weigh no more than others.
CREATE OR REPLACE VIEW citibike_live_accuracy AS
WITH forecasts AS (
  SELECT DISTINCT ON (block.model, block.version, block.system, logged.target_hour)
    block.model, block.version, block.system, logged.target_hour, logged.prediction
  FROM prediction_blocks AS block
  CROSS JOIN LATERAL unnest(block.target_hour, block.prediction, block.predicted_at)
    WITH ORDINALITY AS logged (target_hour, prediction, predicted_at, position)
  WHERE NOT block.what_if
    AND logged.predicted_at AT TIME ZONE coalesce(block.time_zone, 'America/New_York') < logged.target_hour
  ORDER BY block.model, block.version, block.system, logged.target_hour, logged.predicted_at DESC, block.id DESC, logged.position DESC
)
SELECT
  forecast.model,
  forecast.version,
  forecast.target_hour::date                                    AS day,
  count(*)                                                      AS n,
  sqrt(avg((forecast.prediction - actual.trips) ^ 2))           AS rmse,
  avg(abs(forecast.prediction - actual.trips))                  AS mae,
  avg(forecast.prediction - actual.trips)                       AS bias,
  avg(actual.trips)::double precision                           AS mean_trips
FROM forecasts AS forecast
JOIN actual_hours AS actual ON actual.system = forecast.system AND actual.hour = forecast.target_hour
GROUP BY forecast.model, forecast.version, forecast.target_hour::date;

-- Lists the newest check of each week of every system, for dashboards. `citibike_metrics` has one system, because it has one row per week.
CREATE VIEW drift_system_weeks AS
SELECT DISTINCT ON (system, week) *, last_date::timestamp AS timestamp
FROM drift_weeks
ORDER BY system, week, recorded_at DESC, model, model_version DESC, reference_sha256;
