-- Trips as they were counted when they were published. A synthetic system has a name of its own (nyc-synthetic).
CREATE TABLE actual_hours (
  system        text NOT NULL,
  hour          timestamp NOT NULL,      -- New York wall clock
  trips         integer NOT NULL,
  published_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (system, hour)
);

-- Which system a prediction is for; null in rows written before, which then count for nothing here.
ALTER TABLE prediction_log ADD COLUMN system text;

-- Thousands of rows a second are appended in the order of time: a block range index costs next to nothing to keep, and finds what is too old.
DROP INDEX prediction_log_predicted_at;
CREATE INDEX prediction_log_predicted_at ON prediction_log USING brin (predicted_at);

-- How right each version was in service, by the day predicted, in trips per hour. Of an hour that was asked for many times the last
-- answer counts, so that popular hours weigh no more than others.
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
