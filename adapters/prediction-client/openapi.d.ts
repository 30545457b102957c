/** Generated from the OpenAPI document of the prediction service by tests/fixtures/client-types.ts; do not edit. */
export interface paths {
  '/v1/forecast': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Forecast the next hours
     * @description The answer is read from memory. Its ETag stays the same until an hour ends or a new forecast is issued; If-None-Match then gives 304.
     */
    get: {
      parameters: {
        query?: {
          /** @description a whole number of hours from 1 to 168; default: 72 */
          hours?: number;
          /** @description one of 0.5, 0.8, 0.9, the share of hours within lower and upper; default: 0.9 */
          interval?: 0.5 | 0.8 | 0.9;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            /**
             * @example {
             *       "system": "nyc",
             *       "model": "citibike-trips",
             *       "version": "3",
             *       "provider": "api.weather.gov",
             *       "issued_at": "2025-01-14T11:08:23.000Z",
             *       "age_seconds": 4897,
             *       "stale": false,
             *       "level": {
             *         "factor": 1.08,
             *         "deviation": 0.03,
             *         "month": "2024-12"
             *       },
             *       "interval": 0.9,
             *       "time_zone": "America/New_York",
             *       "weather": [
             *         {
             *           "date": "2025-01-14",
             *           "source": "forecast",
             *           "TMAX": 34,
             *           "TMIN": 26.1,
             *           "PRCP": 0,
             *           "SNOW": 0,
             *           "AWND": 9.4,
             *           "rain_probability": 0.05,
             *           "from_earlier": []
             *         }
             *       ],
             *       "hours": [
             *         {
             *           "time": "2025-01-14T08:00:00-05:00",
             *           "date": "2025-01-14",
             *           "hour": 8,
             *           "prediction": 5012.3,
             *           "lower": 4105.9,
             *           "upper": 5873.1,
             *           "weather": "forecast",
             *           "lead_day": 0
             *         }
             *       ]
             *     }
             */
            'application/json': {
              /** @description id of the system; with '-synthetic' for synthetic data */
              system: string;
              model: string;
              /** @description version number of the model that predicted the hours */
              version: string;
              /** @description source of the weather */
              provider: 'api.weather.gov' | 'open-meteo' | 'climatology';
              /** @description update time of the weather forecast; for climatology, the hour of the run */
              issued_at: string;
              /** @description seconds since issued_at */
              age_seconds: number;
              /** @description true: issued more than 24 hours ago, or without a weather forecast */
              stale: boolean;
              /** @description growth since the training, estimated from published months */
              level: {
                /** @description factor on the predictions */
                factor: number;
                /** @description standard deviation of its logarithm */
                deviation: number;
                /** @description newest month that the level is estimated from; null if there is none */
                month: string | null;
              };
              /** @description nominal share of hours between lower and upper */
              interval: number;
              /** @description IANA zone of the hours */
              time_zone: string;
              /** @description days of the hours, in order */
              weather: {
                /** @description day on the local clock, YYYY-MM-DD */
                date: string;
                /** @description climatology: observed weather of the season, because no weather forecast covers the day */
                source: 'forecast' | 'climatology';
                /** @description highest temperature of the day, °F; null if nothing says it */
                TMAX: number | null;
                /** @description lowest temperature of the day, °F; null if nothing says it */
                TMIN: number | null;
                /** @description rain and melted snow of the day, inches; null if nothing says it */
                PRCP: number | null;
                /** @description snowfall of the day, inches; null if nothing says it */
                SNOW: number | null;
                /** @description mean wind of the day, mph; null if nothing says it */
                AWND: number | null;
                /** @description probability of rain or snow, 0 to 1; null if nothing says it */
                rain_probability: number | null;
                /** @description columns from an earlier issue of the weather forecast */
                from_earlier: string[];
              }[];
              /** @description from the present hour on, in order. An hour that the clock skips is absent, one that comes twice counts once */
              hours: {
                /** @description begin of the hour, RFC 3339 with the offset of the place */
                time: string;
                /** @description day on the local clock, YYYY-MM-DD */
                date: string;
                /** @description hour on the local clock, 0 to 23 */
                hour: number;
                /** @description trips in that hour over the whole system */
                prediction: number;
                lower: number;
                upper: number;
                /** @description climatology: observed weather of the season, because no weather forecast covers the day */
                weather: 'forecast' | 'climatology';
                /** @description days from the local day of the issue to the day of the hour */
                lead_day: number;
              }[];
            };
          };
        };
        /** @description The forecast with this ETag is still the current one. */
        304: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        401: components['responses']['Unauthorized'];
        /** @description A query parameter is invalid; `errors` names each. */
        422: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        429: components['responses']['TooManyRequests'];
        /** @description No forecast has been issued yet, or the service is overloaded; see Retry-After. */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/livez': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Liveness of the process */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              /** @enum {string} */
              status: 'live';
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Readiness for requests */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              status: 'ready' | 'not ready';
              model: string;
              version?: string;
              generation?: number | null;
              source?: 'registry' | 'disk';
              /** @description true: saved by the last run and not yet compared with the registry */
              stale?: boolean;
              /** @description ISO time since which this version answers in this process */
              since?: string;
              /** @description a canary or shadow besides this version, and its percentage of requests */
              trial?: {
                version: string;
                mode: 'canary' | 'shadow';
                percent: number;
              };
              /** @description reason why the service is not ready */
              reason?: string;
              last_failure?: {
                version: string;
                message: string;
                at: string;
              };
            };
          };
        };
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              status: 'ready' | 'not ready';
              model: string;
              version?: string;
              generation?: number | null;
              source?: 'registry' | 'disk';
              /** @description true: saved by the last run and not yet compared with the registry */
              stale?: boolean;
              /** @description ISO time since which this version answers in this process */
              since?: string;
              /** @description a canary or shadow besides this version, and its percentage of requests */
              trial?: {
                version: string;
                mode: 'canary' | 'shadow';
                percent: number;
              };
              /** @description reason why the service is not ready */
              reason?: string;
              last_failure?: {
                version: string;
                message: string;
                at: string;
              };
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/healthz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** State of the service and its upstreams */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              status: 'ready' | 'not ready';
              model: string;
              version?: string;
              generation?: number | null;
              source?: 'registry' | 'disk';
              /** @description true: saved by the last run and not yet compared with the registry */
              stale?: boolean;
              /** @description ISO time since which this version answers in this process */
              since?: string;
              /** @description a canary or shadow besides this version, and its percentage of requests */
              trial?: {
                version: string;
                mode: 'canary' | 'shadow';
                percent: number;
              };
              /** @description reason why the service is not ready */
              reason?: string;
              last_failure?: {
                version: string;
                message: string;
                at: string;
              };
              desired_version: string | null;
              upstreams: {
                postgres: {
                  state: 'up' | 'down' | 'unknown';
                  since: string;
                  error?: string;
                };
                mlflow: {
                  state: 'up' | 'down' | 'unknown';
                  since: string;
                  error?: string;
                };
              };
            };
          };
        };
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              status: 'ready' | 'not ready';
              model: string;
              version?: string;
              generation?: number | null;
              source?: 'registry' | 'disk';
              /** @description true: saved by the last run and not yet compared with the registry */
              stale?: boolean;
              /** @description ISO time since which this version answers in this process */
              since?: string;
              /** @description a canary or shadow besides this version, and its percentage of requests */
              trial?: {
                version: string;
                mode: 'canary' | 'shadow';
                percent: number;
              };
              /** @description reason why the service is not ready */
              reason?: string;
              last_failure?: {
                version: string;
                message: string;
                at: string;
              };
              desired_version: string | null;
              upstreams: {
                postgres: {
                  state: 'up' | 'down' | 'unknown';
                  since: string;
                  error?: string;
                };
                mlflow: {
                  state: 'up' | 'down' | 'unknown';
                  since: string;
                  error?: string;
                };
              };
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Prometheus metrics */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Prometheus text format */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'text/plain': string;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/models': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Models loaded */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              models: {
                name: string;
                version: string;
                generation: number | null;
                source: 'registry' | 'disk';
                since: string;
                /** @description SHA-256 over the files */
                digest: string;
                feature_set: string;
                features: string[];
                /** @description nominal share of hours inside the interval */
                interval: number | null;
                trained_on: {
                  system: string;
                  from: string;
                  to: string;
                  hours: number;
                };
                growth_per_day: number;
                /** @description TensorFlow.js backend of the training */
                backend: string;
                /** @description backend of this process: WebAssembly vectors, or TensorFlow.js for layers of other shapes */
                forward_pass: 'simd' | 'tensorflow';
                seeds: number[];
                /** @description errors on the hours that the training held out; null if the version has no report */
                metrics: {
                  [key: string]: number;
                } | null;
                /** @description MLflow's signature; null if the version has none */
                signature: {
                  inputs: unknown;
                  outputs: unknown;
                } | null;
                /** @description null for a version that was not loaded from the registry */
                registry: {
                  run_id: string;
                  registered_at: string;
                  /** @description artifacts that the version was made from, by name */
                  lineage: {
                    [key: string]: string;
                  };
                } | null;
                golden: {
                  input: unknown;
                  prediction: number;
                };
                /** @description true: trained on synthetic data */
                synthetic: boolean;
              }[];
            };
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/models/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One model */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          name: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': {
              name: string;
              version: string;
              generation: number | null;
              source: 'registry' | 'disk';
              since: string;
              /** @description SHA-256 over the files */
              digest: string;
              feature_set: string;
              features: string[];
              /** @description nominal share of hours inside the interval */
              interval: number | null;
              trained_on: {
                system: string;
                from: string;
                to: string;
                hours: number;
              };
              growth_per_day: number;
              /** @description TensorFlow.js backend of the training */
              backend: string;
              /** @description backend of this process: WebAssembly vectors, or TensorFlow.js for layers of other shapes */
              forward_pass: 'simd' | 'tensorflow';
              seeds: number[];
              /** @description errors on the hours that the training held out; null if the version has no report */
              metrics: {
                [key: string]: number;
              } | null;
              /** @description MLflow's signature; null if the version has none */
              signature: {
                inputs: unknown;
                outputs: unknown;
              } | null;
              /** @description null for a version that was not loaded from the registry */
              registry: {
                run_id: string;
                registered_at: string;
                /** @description artifacts that the version was made from, by name */
                lineage: {
                  [key: string]: string;
                };
              } | null;
              golden: {
                input: unknown;
                prediction: number;
              };
              /** @description true: trained on synthetic data */
              synthetic: boolean;
            };
          };
        };
        404: components['responses']['NotFound'];
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/predict_trip': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Predict from date and weather
     * @description A row without any weather takes that of its day from the forecast, as GET /v1/forecast shows it. It is rejected if no weather forecast reaches the day.
     */
    post: {
      parameters: {
        query?: {
          /** @description 0.9, which adds lower and upper, the bounds of the 90 % interval, if the model has one; GET /v1/forecast has further shares */
          interval?: 0.9;
          /** @description imperial (default): °F, inches and mph; metric: °C, mm and m/s, also for snow, with the same ranges after conversion */
          units?: 'imperial' | 'metric';
          /** @description true: the weather is an assumption, not a forecast; live accuracy ignores these predictions */
          what_if?: boolean;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          /**
           * @example {
           *       "input_data": [
           *         {
           *           "date": "2025-01-15T08:00:00",
           *           "TMAX": 40,
           *           "TMIN": 30,
           *           "SNOW": 0
           *         }
           *       ]
           *     }
           */
          'application/json': {
            /** @description a list of 1 to 10000 rows */
            input_data: (
              | {
                  /**
                   * @description local time of the system as YYYY-MM-DDTHH:MM[:SS] without a zone; minutes are floored to the hour
                   * @example 2025-01-15T08:00:00
                   */
                  date: string;
                  /** @description a temperature from -60 to 140 °F */
                  TMAX: number;
                  /** @description a temperature from -60 to 140 °F */
                  TMIN: number;
                  /** @description snowfall of the day, 0 to 100 inches */
                  SNOW: number;
                  /** @description rain and melted snow of the day, 0 to 60 inches, or null */
                  PRCP?: number | null;
                  /** @description snow on the ground, 0 to 500 inches, or null */
                  SNWD?: number | null;
                  /** @description mean wind of the day, 0 to 200 mph, or null */
                  AWND?: number | null;
                  /** @description rain and melted snow of the day before, 0 to 60 inches, or null */
                  PRCP_yesterday?: number | null;
                  /** @description 1 on a holiday, otherwise 0 */
                  holiday?: 0 | 1;
                }
              | {
                  /**
                   * @description local time of the system as YYYY-MM-DDTHH:MM[:SS] without a zone; minutes are floored to the hour
                   * @example 2025-01-15T08:00:00
                   */
                  date: string;
                  /** @description 1 on a holiday, otherwise 0 */
                  holiday?: 0 | 1;
                }
            )[];
          };
        };
      };
      responses: {
        /** @description one prediction per row, in the order of the request, all by one version */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            /**
             * @example {
             *       "predictions": [
             *         {
             *           "model": "citibike-trips",
             *           "prediction": 1234.5,
             *           "version": "3",
             *           "date": "2025-01-15T08:00:00",
             *           "imputed": [
             *             "PRCP"
             *           ]
             *         },
             *         {
             *           "model": "citibike-trips",
             *           "prediction": 6543.2,
             *           "version": "3",
             *           "date": "2026-09-16T18:00:00",
             *           "imputed": [],
             *           "warnings": [
             *             {
             *               "code": "growth_held",
             *               "message": "the hour is more than 18 months after the training months 2024-01 to 2024-12; growth is held at its level of 2026-06-30",
             *               "field": "date"
             *             }
             *           ]
             *         }
             *       ]
             *     }
             */
            'application/json': {
              predictions: components['schemas']['Prediction'][];
            };
          };
        };
        400: components['responses']['BadRequest'];
        401: components['responses']['Unauthorized'];
        408: components['responses']['RequestTimeout'];
        413: components['responses']['ContentTooLarge'];
        415: components['responses']['UnsupportedMediaType'];
        422: components['responses']['Invalid'];
        429: components['responses']['TooManyRequests'];
        503: components['responses']['Unavailable'];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/predict': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Predict from the 12 basic features
     * @description The features carry no year, so the service assumes the matching hour nearest to the end of the training span and returns it as assumed_date. Live accuracy ignores these predictions.
     */
    post: {
      parameters: {
        query?: {
          /** @description 0.9, which adds lower and upper, the bounds of the 90 % interval, if the model has one; GET /v1/forecast has further shares */
          interval?: 0.9;
          /** @description imperial (default): °F, inches and mph; metric: °C, mm and m/s, also for snow, with the same ranges after conversion */
          units?: 'imperial' | 'metric';
          /** @description true: the weather is an assumption, not a forecast; live accuracy ignores these predictions */
          what_if?: boolean;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          /**
           * @example {
           *       "input_data": [
           *         {
           *           "holiday": 0,
           *           "TMAX": 40,
           *           "TMIN": 30,
           *           "SNOW": 0,
           *           "hr_sin": 0.8660254037844387,
           *           "hr_cos": -0.4999999999999998,
           *           "weekday_sin": 0.9749279121818236,
           *           "weekday_cos": -0.22252093395631434,
           *           "week_sin": 0.23931566428755774,
           *           "week_cos": 0.970941817426052,
           *           "mnth_sin": 0,
           *           "mnth_cos": 1
           *         }
           *       ]
           *     }
           */
          'application/json': {
            /** @description a list of 1 to 10000 rows */
            input_data: {
              /** @description 1 on a holiday, otherwise 0 */
              holiday: 0 | 1;
              /** @description a temperature from -60 to 140 °F */
              TMAX: number;
              /** @description a temperature from -60 to 140 °F */
              TMIN: number;
              /** @description snowfall of the day, 0 to 100 inches */
              SNOW: number;
              /** @description a sine or cosine from -1 to 1 */
              hr_sin: number;
              /** @description a sine or cosine from -1 to 1 */
              hr_cos: number;
              /** @description a sine or cosine from -1 to 1 */
              weekday_sin: number;
              /** @description a sine or cosine from -1 to 1 */
              weekday_cos: number;
              /** @description a sine or cosine from -1 to 1 */
              week_sin: number;
              /** @description a sine or cosine from -1 to 1 */
              week_cos: number;
              /** @description a sine or cosine from -1 to 1 */
              mnth_sin: number;
              /** @description a sine or cosine from -1 to 1 */
              mnth_cos: number;
              /** @description rain and melted snow of the day, 0 to 60 inches, or null */
              PRCP?: number | null;
              /** @description snow on the ground, 0 to 500 inches, or null */
              SNWD?: number | null;
              /** @description mean wind of the day, 0 to 200 mph, or null */
              AWND?: number | null;
              /** @description rain and melted snow of the day before, 0 to 60 inches, or null */
              PRCP_yesterday?: number | null;
            }[];
          };
        };
      };
      responses: {
        /** @description one prediction per row, in the order of the request, all by one version */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            /**
             * @example {
             *       "predictions": [
             *         {
             *           "model": "citibike-trips",
             *           "prediction": 1234.5,
             *           "version": "3",
             *           "date": "2025-01-15T08:00:00",
             *           "imputed": [
             *             "PRCP"
             *           ]
             *         },
             *         {
             *           "model": "citibike-trips",
             *           "prediction": 6543.2,
             *           "version": "3",
             *           "date": "2026-09-16T18:00:00",
             *           "imputed": [],
             *           "warnings": [
             *             {
             *               "code": "growth_held",
             *               "message": "the hour is more than 18 months after the training months 2024-01 to 2024-12; growth is held at its level of 2026-06-30",
             *               "field": "date"
             *             }
             *           ]
             *         }
             *       ]
             *     }
             */
            'application/json': {
              predictions: components['schemas']['Prediction'][];
            };
          };
        };
        400: components['responses']['BadRequest'];
        401: components['responses']['Unauthorized'];
        408: components['responses']['RequestTimeout'];
        413: components['responses']['ContentTooLarge'];
        415: components['responses']['UnsupportedMediaType'];
        422: components['responses']['Invalid'];
        429: components['responses']['TooManyRequests'];
        503: components['responses']['Unavailable'];
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Prediction: {
      model: string;
      /** @description trips in that hour over the whole system */
      prediction: number;
      /** @description version number of the model */
      version: string;
      /** @description begin of the predicted hour, local time of the place; absent if the row has features and no date */
      date?: string;
      lower?: number;
      upper?: number;
      /** @description inputs that were missing and filled: from the forecast if `weather` says so and the forecast has them, otherwise from training medians */
      imputed: string[];
      /**
       * @description the row had no weather, so that of its day in the forecast was used; absent otherwise
       * @enum {string}
       */
      weather?: 'forecast';
      /** @description issue time of that forecast, ISO 8601 in UTC */
      weather_issued_at?: string;
      /** @description warnings about inputs beyond the training data; absent if there are none */
      warnings?: {
        /** @enum {string} */
        code: 'growth_held' | 'weather_outside_training' | 'units_suspect';
        message: string;
        /** @description the input that the warning is about */
        field?: string;
      }[];
      /** @description the date assumed for the 12 features, which carry no year */
      assumed_date?: string;
      /** @description true: the model was trained on synthetic data */
      synthetic?: boolean;
    };
    /** @description RFC 9457 problem details */
    Problem: {
      /** @description urn:citibike:problem:{kind}, stable */
      type: string;
      title: string;
      status: number;
      detail: string;
      /** @description path of the request */
      instance: string;
      /** @description the same as the X-Request-Id header */
      request_id: string;
      /** @description at most 100 */
      errors?: {
        /** @description index in input_data, from 0; null when the error is not about one row */
        row: number | null;
        field: string;
        /** @description what was expected */
        message: string;
        /** @description the sent value, cut if long */
        got?: unknown;
      }[];
    };
  };
  responses: {
    /** @description The body is not valid JSON. */
    BadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The service needs a key, and the request has no valid one. */
    Unauthorized: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The address does not exist. */
    NotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The request did not arrive in time. */
    RequestTimeout: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The body is too large. */
    ContentTooLarge: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The body is not application/json, or it is compressed. */
    UnsupportedMediaType: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description A row or field is invalid; `errors` names each. */
    Invalid: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The key, or the address if no keys are needed, exceeded its limit of requests per second; see Retry-After. */
    TooManyRequests: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description No model is loaded yet, the service is overloaded, or the request waited too long; see Retry-After. */
    Unavailable: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
