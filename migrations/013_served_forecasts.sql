-- Orders issues of the same time: the version that was chosen later is the champion. An older service does not write the column.
ALTER TABLE forecast_issues ADD COLUMN chosen_at timestamptz;
UPDATE forecast_issues SET chosen_at = created_at;
ALTER TABLE forecast_issues ALTER COLUMN chosen_at SET DEFAULT now(), ALTER COLUMN chosen_at SET NOT NULL;

-- Keeps the hours of issues that a newer champion or another weather service replaced, because they were served.
CREATE TABLE replaced_forecasts (
  system            text NOT NULL,
  model             text NOT NULL,
  issued_at         timestamptz NOT NULL,
  created_at        timestamptz NOT NULL,      -- of the replaced issue
  replaced_at       timestamptz NOT NULL,
  version           text NOT NULL,
  provider          text NOT NULL,
  time_zone         text NOT NULL,
  target_hour       timestamp NOT NULL,        -- from here on as in demand_forecasts
  lead_day          smallint NOT NULL,
  weather           text NOT NULL,
  prediction        real NOT NULL,
  lower_50          real NOT NULL,
  upper_50          real NOT NULL,
  lower_80          real NOT NULL,
  upper_80          real NOT NULL,
  lower_90          real NOT NULL,
  upper_90          real NOT NULL,
  PRIMARY KEY (system, model, issued_at, created_at, target_hour)
);
CREATE INDEX replaced_forecasts_by_hour ON replaced_forecasts (system, model, target_hour);

-- Lists the forecasts that can be scored: of hours that began after their issue was issued and written, also if it was replaced since.
-- Both sides of the comparison are the wall clock of the system, so a repeated hour begins with its first pass.
CREATE VIEW served_forecasts AS
SELECT * FROM (
  SELECT system, model, issued_at, created_at, version, provider, time_zone, target_hour, lead_day, hour.weather, prediction,
    lower_50, upper_50, lower_80, upper_80, lower_90, upper_90
  FROM forecast_issues JOIN demand_forecasts AS hour USING (system, model, issued_at)
  UNION ALL
  SELECT system, model, issued_at, created_at, version, provider, time_zone, target_hour, lead_day, weather, prediction,
    lower_50, upper_50, lower_80, upper_80, lower_90, upper_90
  FROM replaced_forecasts
) AS issued
WHERE greatest(issued_at, created_at) AT TIME ZONE time_zone <= target_hour;
