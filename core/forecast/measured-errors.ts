/**
 * Holds measured errors of forecasts of the National Weather Service. tests/bench/forecast/measure-errors.ts writes this file; do not edit
 * it.
 *
 * Temperatures, lead day 1: 3470 forecasts for ten cities, 2021-01 to 2022-02, 24 hours ahead (github.com/speegled/weather_forecasts,
 * cc89094185c9). Growth with the lead: the maximum of Las Vegas, 2026-03 to 2026-08 (github.com/jjha911-a11y/nws-forecast-collector,
 * a0223775f34a), lead days 0 to 7: 338, 386, 387, 385, 381, 376, 375, 47 forecasts. Its minimum errs in a night and is observed in a day,
 * so it has the growth of the maximum. Rain by words: 4289 bulletins for the same cities, 2021-01 to 2022-05 (the first source). Amounts:
 * 229 wet days, and wind: 731 days, of LaGuardia, 2023 and 2024, by an analysis of the same day (github.com/hwaheed13/nws-forecast-logger,
 * b54cff2c4b9b).
 */
import type { ForecastErrors } from './forecast-errors.ts';

export const MEASURED_ERRORS: ForecastErrors = {
  temperature: [
    { bias: { TMAX: -0.192, TMIN: -0.715 }, deviation: { TMAX: 2.277, TMIN: 2.093 }, correlation: 0.194 },
    { bias: { TMAX: -0.192, TMIN: -0.715 }, deviation: { TMAX: 2.788, TMIN: 2.563 }, correlation: 0.194 },
    { bias: { TMAX: -0.192, TMIN: -0.715 }, deviation: { TMAX: 3.098, TMIN: 2.848 }, correlation: 0.194 },
    { bias: { TMAX: -0.192, TMIN: -0.715 }, deviation: { TMAX: 3.64, TMIN: 3.346 }, correlation: 0.194 },
    { bias: { TMAX: -0.192, TMIN: -0.715 }, deviation: { TMAX: 4.16, TMIN: 3.825 }, correlation: 0.194 },
    { bias: { TMAX: -0.192, TMIN: -0.715 }, deviation: { TMAX: 4.93, TMIN: 4.533 }, correlation: 0.194 },
    { bias: { TMAX: -0.192, TMIN: -0.715 }, deviation: { TMAX: 5.974, TMIN: 5.492 }, correlation: 0.194 },
    { bias: { TMAX: -0.192, TMIN: -0.715 }, deviation: { TMAX: 6.569, TMIN: 6.039 }, correlation: 0.194 },
  ],
  rain: {
    chance: { wet: 0.68, dry: 0.12 },
    amount: { center: -1.71, forecastCenter: -1.43, slope: 0.8, deviation: 1.111 },
    announced: [0.01, 0.03, 0.05, 0.1, 0.16, 0.26, 0.36, 0.52, 0.81, 1.55],
    missed: [0.01, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.19, 0.3, 0.48],
  },
  wind: 0.18,
};
