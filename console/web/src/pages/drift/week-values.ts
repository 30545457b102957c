/** Reads columns of a checked week, which the API passes on as they are in Postgres. */
import type { DriftWeek } from '../../api/bodies.ts';

export function valueOf(week: DriftWeek, name: string): number | null {
  const value = week[name];
  return typeof value === 'number' ? value : null;
}

export function textOf(week: DriftWeek, name: string): string {
  const value = week[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
