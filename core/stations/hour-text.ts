/** Writes an hour of the day as `08:00 to 08:59`. @param hour null stands for the whole day. */
export function hourText(hour: number | null): string {
  if (hour === null) return 'the whole day';
  const two = String(hour).padStart(2, '0');
  return `${two}:00 to ${two}:59`;
}
