/** Generated from the OpenAPI document of the prediction service by tests/fixtures/client-types.ts; do not edit. */
export interface paths {
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
    /** Predict from date and weather */
    post: {
      parameters: {
        query?: {
          /** @description 0.9: also return lower and upper, the bounds of the 90 % interval, if the model has one */
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
            input_data: {
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
             *           "imputed": [
             *             "PRCP"
             *           ]
             *         },
             *         {
             *           "model": "citibike-trips",
             *           "prediction": 6543.2,
             *           "version": "3",
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
          /** @description 0.9: also return lower and upper, the bounds of the 90 % interval, if the model has one */
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
             *           "imputed": [
             *             "PRCP"
             *           ]
             *         },
             *         {
             *           "model": "citibike-trips",
             *           "prediction": 6543.2,
             *           "version": "3",
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
      lower?: number;
      upper?: number;
      /** @description inputs that were missing and filled from training medians */
      imputed: string[];
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
