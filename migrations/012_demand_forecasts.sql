-- Stores every weather forecast by day, because it cannot be had later. Errors by lead day are learned from it.
CREATE TABLE weather_forecasts (
  system            text NOT NULL,
  provider          text NOT NULL,             -- 'api.weather.gov', 'open-meteo'
  issued_at         timestamptz NOT NULL,      -- update time of the provider
  issue_day         date NOT NULL,             -- local day of that time
  day               date NOT NULL,             -- local day that is forecast; lead day = day - issue_day
  tmax              double precision,          -- °F; null in this and the next columns if the service does not say it
  tmin              double precision,          -- °F
  prcp              double precision,          -- inches
  snow              double precision,          -- inches
  awnd              double precision,          -- mph
  rain_probability  double precision,          -- 0 to 1
  answer_uri        text NOT NULL,             -- the answer as it came
  fetched_at        timestamptz NOT NULL,
  PRIMARY KEY (system, issued_at, provider, day)
);

-- Stores the issues of demand forecasts. An issue of a model is written at most once per version and weather.
CREATE TABLE forecast_issues (
  system            text NOT NULL,             -- with -synthetic appended for versions of synthetic trips
  model             text NOT NULL,
  issued_at         timestamptz NOT NULL,      -- update time of the weather forecast; for climatology, the hour of the run
  version           text NOT NULL,
  provider          text NOT NULL,             -- of the weather, or 'climatology'
  issue_day         date NOT NULL,             -- local day of issued_at
  time_zone         text NOT NULL,             -- IANA zone of target_hour
  level             double precision NOT NULL, -- factor on the predictions
  level_deviation   double precision NOT NULL, -- standard deviation of its logarithm
  level_month       text,                      -- newest month that it is estimated from; null if there is none
  weather           jsonb NOT NULL,            -- days with their weather and its sources (contracts/demand-forecast.ts)
  workflow_id       text NOT NULL,
  run_id            text NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (system, model, issued_at)
);

CREATE TABLE demand_forecasts (
  system            text NOT NULL,
  model             text NOT NULL,
  issued_at         timestamptz NOT NULL,
  target_hour       timestamp NOT NULL,        -- local time of the system
  lead_day          smallint NOT NULL,
  weather           text NOT NULL CHECK (weather IN ('forecast', 'climatology')),
  prediction        real NOT NULL,             -- trips per hour, as the bounds
  lower_50          real NOT NULL,
  upper_50          real NOT NULL,
  lower_80          real NOT NULL,
  upper_80          real NOT NULL,
  lower_90          real NOT NULL,
  upper_90          real NOT NULL,
  PRIMARY KEY (system, model, issued_at, target_hour),
  FOREIGN KEY (system, model, issued_at) REFERENCES forecast_issues ON DELETE CASCADE
);
CREATE INDEX demand_forecasts_by_hour ON demand_forecasts (system, model, target_hour);

-- Stores the errors of forecasts of a published month by lead day, in trips per hour.
CREATE TABLE forecast_scores (
  system            text NOT NULL,
  model             text NOT NULL,
  month             text NOT NULL,             -- YYYY-MM
  lead_day          smallint NOT NULL,
  hours             integer NOT NULL,          -- compared hours
  issues            integer NOT NULL,          -- issues that they come from
  versions          text[] NOT NULL,
  rmse              double precision NOT NULL,
  mae               double precision NOT NULL,
  bias              double precision NOT NULL, -- mean of prediction - actual
  coverage_50       double precision NOT NULL,
  coverage_80       double precision NOT NULL,
  coverage_90       double precision NOT NULL,
  width_90          double precision NOT NULL, -- mean width
  winkler_90        double precision NOT NULL, -- mean interval score of Winkler (1972)
  climatology_share double precision NOT NULL, -- share of hours whose weather was climatology
  rmse_naive        double precision,          -- naive forecast, same hours; null without training frame
  skill             double precision,          -- 1 - rmse / rmse_naive
  rmse_observed     double precision,          -- same versions with the observed weather, without level
  scored_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (system, model, month, lead_day)
);
