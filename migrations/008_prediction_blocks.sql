-- Stores the prediction log in blocks. A busy service logs tens of thousands of predictions per second. Single rows would take four
-- times the CPU time of blocks of a thousand, twice the space, and as much work again to delete. The view `prediction_log` still has
-- one row per prediction.
CREATE TABLE prediction_blocks (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model          text NOT NULL,
  version        text NOT NULL,
  system         text,                    -- null in predictions logged before 004
  first_at       timestamptz NOT NULL,    -- the first and the last predicted_at
  last_at        timestamptz NOT NULL,
  predictions    integer NOT NULL,        -- number of predictions, and length of each array
  request_id     text[] NOT NULL,
  row_index      integer[] NOT NULL,
  predicted_at   timestamptz[] NOT NULL,
  target_hour    timestamp[] NOT NULL,    -- the predicted hours, New York wall clock
  features       text[] NOT NULL,         -- JSON, parsed on read
  prediction     double precision[] NOT NULL,
  latency_ms     double precision[] NOT NULL,
  CHECK (predictions > 0 AND predictions = ALL (ARRAY[cardinality(request_id), cardinality(row_index), cardinality(predicted_at),
    cardinality(target_hour), cardinality(features), cardinality(prediction), cardinality(latency_ms)]))
);

-- Compression would cost more than all other work, to halve the space of data that is deleted after a month.
ALTER TABLE prediction_blocks
  ALTER request_id SET STORAGE EXTERNAL,
  ALTER row_index SET STORAGE EXTERNAL,
  ALTER predicted_at SET STORAGE EXTERNAL,
  ALTER target_hour SET STORAGE EXTERNAL,
  ALTER features SET STORAGE EXTERNAL,
  ALTER prediction SET STORAGE EXTERNAL,
  ALTER latency_ms SET STORAGE EXTERNAL;

CREATE INDEX prediction_blocks_last_at ON prediction_blocks (last_at);

INSERT INTO prediction_blocks (model, version, system, first_at, last_at, predictions, request_id, row_index, predicted_at, target_hour,
  features, prediction, latency_ms)
SELECT model, version, system, min(predicted_at), max(predicted_at), count(*), array_agg(request_id ORDER BY id), array_agg(row_index ORDER BY id),
  array_agg(predicted_at ORDER BY id), array_agg(target_hour ORDER BY id), array_agg(features::text ORDER BY id),
  array_agg(prediction ORDER BY id), array_agg(latency_ms ORDER BY id)
FROM (SELECT *, (row_number() OVER (PARTITION BY model, version, system ORDER BY id) - 1) / 1000 AS block FROM prediction_log) AS logged
GROUP BY model, version, system, block
ORDER BY min(id);

DROP VIEW citibike_live_accuracy;
DROP TABLE prediction_log;

-- Lists one row per prediction. `block_from` and `block_to` are the times of the first and last prediction of its block. A condition
-- on them lets Postgres skip blocks; a condition on `predicted_at` alone does not.
CREATE VIEW prediction_log AS
SELECT logged.request_id, logged.row_index, logged.predicted_at, block.model, block.version, block.system, logged.target_hour,
  logged.features::jsonb AS features, logged.prediction, logged.latency_ms, block.first_at AS block_from, block.last_at AS block_to
FROM prediction_blocks AS block
CROSS JOIN LATERAL unnest(block.request_id, block.row_index, block.predicted_at, block.target_hour, block.features, block.prediction,
  block.latency_ms) AS logged (request_id, row_index, predicted_at, target_hour, features, prediction, latency_ms);

-- Converts single rows to blocks of one. Services of an older version write them during a rolling update.
CREATE FUNCTION log_one_prediction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO prediction_blocks (model, version, system, first_at, last_at, predictions, request_id, row_index, predicted_at, target_hour,
    features, prediction, latency_ms)
  VALUES (NEW.model, NEW.version, NEW.system, NEW.predicted_at, NEW.predicted_at, 1, ARRAY[NEW.request_id], ARRAY[NEW.row_index],
    ARRAY[NEW.predicted_at], ARRAY[NEW.target_hour], ARRAY[NEW.features::text], ARRAY[NEW.prediction], ARRAY[NEW.latency_ms]);
  RETURN NEW;
END $$;
CREATE TRIGGER prediction_log_insert INSTEAD OF INSERT ON prediction_log FOR EACH ROW EXECUTE FUNCTION log_one_prediction();

-- As in 004, only the last prediction of an hour counts.
CREATE VIEW citibike_live_accuracy AS
WITH last_answers AS (
  SELECT DISTINCT ON (block.model, block.version, block.system, logged.target_hour)
    block.model, block.version, block.system, logged.target_hour, logged.prediction
  FROM prediction_blocks AS block
  CROSS JOIN LATERAL unnest(block.target_hour, block.prediction, block.predicted_at)
    WITH ORDINALITY AS logged (target_hour, prediction, predicted_at, position)
  ORDER BY block.model, block.version, block.system, logged.target_hour, logged.predicted_at DESC, block.id DESC, logged.position DESC
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
