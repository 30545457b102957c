/** Defines the months of the example inputs. */
export const YEAR = { from: '2024-01', to: '2024-12' };
export const QUARTER = { from: '2025-01', to: '2025-03' };
