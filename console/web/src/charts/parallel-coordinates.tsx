import { linearScale, spanOf } from '../../../../core/charts/scales.ts';
import { number, compactNumber } from '../format/numbers.ts';
import { Figure } from './figure.tsx';
import { useWidth } from './use-width.ts';

export interface Trial {
  readonly name: string;
  /** Value on each axis; texts are places on an axis of their own. */
  readonly values: Readonly<Record<string, number | string>>;
  readonly best: boolean;
}

interface ParallelCoordinatesProps {
  readonly title: string;
  readonly axes: readonly string[];
  readonly trials: readonly Trial[];
}

const HEIGHT = 240;

/** Draws one line per trial through one axis per hyper-parameter and the metric. The best trial is heavier. */
export function ParallelCoordinates({ title, axes, trials }: ParallelCoordinatesProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const across = linearScale([0, Math.max(1, axes.length - 1)], [46, width - 46]);
  const scales = axes.map((axis) => placesOf(trials.map(({ values }) => values[axis])));
  const path = (trial: Trial) =>
    axes
      .flatMap((axis, i) => {
        const place = scales[i]!.place(trial.values[axis]);
        return place === undefined ? [] : [`${across(i).toFixed(1)} ${place.toFixed(1)}`];
      })
      .join('L');
  const inOrder = [...trials].sort((a, b) => Number(a.best) - Number(b.best));
  return (
    <Figure
      title={title}
      table={{
        head: ['trial', ...axes],
        rows: trials.map(({ name, values }) => [
          name,
          ...axes.map((axis) =>
            typeof values[axis] === 'number' ? number(values[axis]) : (values[axis] ?? '–'),
          ),
        ]),
      }}
    >
      <div ref={element}>
        <svg
          className="chart"
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${title}; a table with the values follows`}
        >
          {inOrder.map((trial) => (
            <path
              key={trial.name}
              className={`line ${trial.best ? 'tone-1 heavy' : 'tone-6 faint'}`}
              d={`M${path(trial)}`}
            >
              <title>{trial.name}</title>
            </path>
          ))}
          {axes.map((axis, i) => (
            <g key={axis}>
              <line className="axis" x1={across(i)} x2={across(i)} y1="30" y2={HEIGHT - 24} />
              <text className="tick" x={across(i)} y={i % 2 === 0 ? 10 : 22} textAnchor="middle">
                {axis}
              </text>
              {scales[i]!.ends.map(([y, label]) => (
                <text key={label} className="tick strong" x={across(i) + 4} y={y} dy="0.32em">
                  {label}
                </text>
              ))}
            </g>
          ))}
        </svg>
      </div>
    </Figure>
  );
}

interface Places {
  readonly place: (value: number | string | undefined) => number | undefined;
  readonly ends: readonly (readonly [number, string])[];
}

function placesOf(values: readonly (number | string | undefined)[]): Places {
  const range = [HEIGHT - 24, 36] as const;
  if (values.every((value) => value === undefined || typeof value === 'number')) {
    const domain = spanOf(values);
    const scale = linearScale(domain, range);
    return {
      place: (value) => (typeof value === 'number' ? scale(value) : undefined),
      ends: domain.map((end) => [scale(end), compactNumber(end)] as const),
    };
  }
  const names = [...new Set(values.filter((value) => value !== undefined).map(String))].sort();
  const scale = linearScale([0, Math.max(1, names.length - 1)], range);
  return {
    place: (value) => (value === undefined ? undefined : scale(names.indexOf(String(value)))),
    ends: names.map((name, i) => [scale(i), name] as const),
  };
}
