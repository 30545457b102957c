/** Draws the next hours of a forecast in the terminal: the prediction as a line within the band of its interval. */
/** Counts the lines of the plot, without the axis. */
const HEIGHT = 12;
const DEFAULT_WIDTH = 80;
const NARROWEST = 40;

const [LINE, BAND, NIGHT] = ['●', '░', '·'] as const;
/** Sets the hours that are drawn as night: before and after these. */
const [DAY_BEGINS, DAY_ENDS] = [6, 20] as const;
/** Lists the names of a day, the longest first. */
const DAY_NAMES = [{ weekday: 'short', month: 'short', day: 'numeric' }, { weekday: 'short' }].map(
  (options) =>
    new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' } as Intl.DateTimeFormatOptions),
);

interface Hour {
  readonly date: string;
  readonly hour: number;
  readonly prediction: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Returns the lines of the chart, each at most `width` characters long. Where hours outnumber the columns, a column shows
 * several: the mean of their predictions, and the outermost bounds.
 */
export function forecastChart(
  { hours }: { readonly hours: readonly Hour[] },
  width: number = DEFAULT_WIDTH,
): string {
  if (hours.length === 0) return '';
  const top = niceTop(Math.max(...hours.map(({ upper }) => upper)));
  const labels = Array.from({ length: HEIGHT + 1 }, (_, row) =>
    row % 4 === 0 ? labelOf((top * (HEIGHT - row)) / HEIGHT) : '',
  );
  const margin = Math.max(...labels.map(({ length }) => length));
  const columns = columnsOf(hours, Math.max(NARROWEST, width) - margin - 2);
  const rowOf = (value: number) => Math.round((Math.max(0, value) / top) * HEIGHT);
  const lines = labels.map((label, i) => {
    const row = HEIGHT - i;
    const cells = columns.map(({ hour, prediction, lower, upper }) => {
      if (row === rowOf(prediction)) return LINE;
      if (row >= rowOf(lower) && row <= rowOf(upper)) return BAND;
      return row === 0 && (hour < DAY_BEGINS || hour >= DAY_ENDS) ? NIGHT : ' ';
    });
    return `${label.padStart(margin)} ${label === '' ? '│' : '┤'}${cells.join('')}`.trimEnd();
  });
  const axis = `${' '.repeat(margin)} └${'─'.repeat(columns.length)}`;
  return [...lines, axis, hourLine(hours, columns, margin + 2), dayLine(columns, margin + 2)]
    .map((line) => `${line}\n`)
    .join('');
}

/** Explains the signs of the chart in a line. @param interval share of hours within the band. */
export function chartLegend(interval: number): string {
  return `${LINE} trips per hour   ${BAND} ${Math.round(interval * 100)} % interval   ${NIGHT} night\n`;
}

function columnsOf(hours: readonly Hour[], most: number): Hour[] {
  const perColumn = Math.ceil(hours.length / most);
  return Array.from({ length: Math.ceil(hours.length / perColumn) }, (_, i) => {
    const part = hours.slice(i * perColumn, (i + 1) * perColumn);
    return {
      date: part[0]!.date,
      hour: part[0]!.hour,
      prediction: part.reduce((sum, { prediction }) => sum + prediction, 0) / part.length,
      lower: Math.min(...part.map(({ lower }) => lower)),
      upper: Math.max(...part.map(({ upper }) => upper)),
    };
  });
}

/** Pauses between hours on the axis, the shortest first. A label needs two columns and a space. */
const HOUR_STEPS = [6, 12, 24] as const;
const LABEL_ROOM = 3;

/** Writes hours of the day below their columns, such as 00, 06, 12 and 18. */
function hourLine(hours: readonly Hour[], columns: readonly Hour[], margin: number): string {
  const perColumn = Math.ceil(hours.length / columns.length);
  const step = HOUR_STEPS.find((one) => one / perColumn >= LABEL_ROOM) ?? HOUR_STEPS[HOUR_STEPS.length - 1]!;
  let line = '';
  for (const [i, { hour }] of hours.entries()) {
    const column = margin + Math.floor(i / perColumn);
    const hasRoom = column >= line.length && column + LABEL_ROOM <= margin + columns.length + 1;
    if (hour % step === 0 && hasRoom) line = line.padEnd(column) + String(hour).padStart(2, '0');
  }
  return line;
}

/** Writes the name of each day below its first column, where there is room. */
function dayLine(columns: readonly Hour[], margin: number): string {
  let line = ' '.repeat(margin);
  for (const [i, { date }] of columns.entries()) {
    if (columns[i - 1]?.date === date) continue;
    const end = columns.findIndex((column, at) => at > i && column.date !== date);
    const room = (end < 0 ? columns.length : end) - i;
    const names = DAY_NAMES.map((format) => format.format(new Date(`${date}T00:00:00Z`)));
    const name = names.find(({ length }) => length < room);
    if (name !== undefined) line = line.padEnd(margin + i) + name;
  }
  return line;
}

/** Tops of the axis, by a power of ten. A third of each has two digits at most. */
const TOPS = [1.2, 1.5, 1.8, 2.4, 3, 4.5, 6, 9, 12] as const;

/** Returns the smallest such top that is at least `value`. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return power * (TOPS.find((top) => top * power >= value) ?? TOPS[0]);
}

function labelOf(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
}
