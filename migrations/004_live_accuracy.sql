-- Stores published trips per hour. A synthetic system has its own name (nyc-synthetic).
CREATE TABLE actual_hours (
  system        text NOT NULL,
  hour          timestamp NOT NULL,      -- New York wall clock
  trips         integer NOT NULL,
  published_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (system, hour)
);

-- Adds the system of a prediction; null in earlier rows, which live accuracy ignores.
ALTER TABLE prediction_log ADD COLUMN system text;

-- Thousands of rows per second are appended in time order. A block range index is cheap to maintain, and finds expired rows.
DROP INDEX prediction_log_predicted_at;
CREATE INDEX prediction_log_predicted_at ON prediction_log USING brin (predicted_at);

-- Computes the errors of each version in service by predicted day, in trips per hour. Only the last prediction of an hour counts, so
-- that popular hours weigh no more than others.
CREATE VIEW citibike_live_accuracy AS
WITH last_answers AS (
  SELECT DISTINCT ON (model, version, system, target_hour) model, version, system, target_hour, prediction
  FROM prediction_log
  ORDER BY model, version, system, target_hour, predicted_at DESC, id DESC
)
SELECT
  answered.model,
  answered.version,
  answered.target_hour::date                                    AS day,
  count(*)                                                      AS n,
  sqrt(avg((answered.prediction - actual.trips) ^ 2))           AS rmse,
  avg(abs(answered.prediction - actual.trips))                  AS mae,
  avg(answered.prediction - actual.trips)                       AS bias
FROM last_answers AS answered
JOIN actual_hours AS actual ON actual.system = answered.system AND actual.hour = answered.target_hour
GROUP BY answered.model, answered.version, answered.target_hour::date;
