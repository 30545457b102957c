-- Marks blocks of predictions that do not forecast their hours. Services of an older version do not write the column.
ALTER TABLE prediction_blocks ADD COLUMN what_if boolean NOT NULL DEFAULT false;

CREATE OR REPLACE VIEW prediction_log AS
SELECT logged.request_id, logged.row_index, logged.predicted_at, block.model, block.version, block.system, logged.target_hour,
  logged.features::jsonb AS features, logged.prediction, logged.latency_ms, block.first_at AS block_from, block.last_at AS block_to,
  block.what_if
FROM prediction_blocks AS block
CROSS JOIN LATERAL unnest(block.request_id, block.row_index, block.predicted_at, block.target_hour, block.features, block.prediction,
  block.latency_ms) AS logged (request_id, row_index, predicted_at, target_hour, features, prediction, latency_ms);

CREATE OR REPLACE FUNCTION log_one_prediction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO prediction_blocks (model, version, system, first_at, last_at, predictions, request_id, row_index, predicted_at, target_hour,
    features, prediction, latency_ms, what_if)
  VALUES (NEW.model, NEW.version, NEW.system, NEW.predicted_at, NEW.predicted_at, 1, ARRAY[NEW.request_id], ARRAY[NEW.row_index],
    ARRAY[NEW.predicted_at], ARRAY[NEW.target_hour], ARRAY[NEW.features::text], ARRAY[NEW.prediction], ARRAY[NEW.latency_ms],
    coalesce(NEW.what_if, false));
  RETURN NEW;
END $$;

-- Computes the errors of each version in service by predicted day, in trips per hour. This view alone decides which predictions count:
-- * They were made before their hour began. Both sides of the comparison are New York wall clock, in any time zone of the session.
--   The repeated 01:00 in autumn begins with the first of its two hours.
-- * They are not what-if requests.
-- * Only the last such prediction of each version and hour counts, so that popular hours weigh no more than others.
CREATE OR REPLACE VIEW citibike_live_accuracy AS
WITH forecasts AS (
  SELECT DISTINCT ON (block.model, block.version, block.system, logged.target_hour)
    block.model, block.version, block.system, logged.target_hour, logged.prediction
  FROM prediction_blocks AS block
  CROSS JOIN LATERAL unnest(block.target_hour, block.prediction, block.predicted_at)
    WITH ORDINALITY AS logged (target_hour, prediction, predicted_at, position)
  WHERE NOT block.what_if AND logged.predicted_at AT TIME ZONE 'America/New_York' < logged.target_hour
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
