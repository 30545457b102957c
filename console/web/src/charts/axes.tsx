import type { Frame, Tick } from '../../../../core/charts/scales.ts';
import { compactNumber } from '../format/numbers.ts';

interface YAxisProps {
  readonly ticks: readonly Tick[];
  readonly frame: Frame;
  readonly format?: (value: number) => string;
}

/** Draws grid lines with their values at the left. */
export function YAxis({ ticks, frame, format = compactNumber }: YAxisProps) {
  return (
    <g aria-hidden="true">
      {ticks.map(({ value, at }) => (
        <g key={value}>
          <line className="grid" x1={frame.left} x2={frame.right} y1={at} y2={at} />
          <text className="tick" x={frame.left - 6} y={at} dy="0.32em" textAnchor="end">
            {format(value)}
          </text>
        </g>
      ))}
    </g>
  );
}

interface XAxisProps {
  readonly positions: readonly { at: number; label: string }[];
  readonly frame: Frame;
  /** Draws a line through the frame at each position. */
  readonly withLines?: boolean;
}

export function XAxis({ positions, frame, withLines = false }: XAxisProps) {
  return (
    <g aria-hidden="true">
      {withLines &&
        positions.map(({ at }) => (
          <line key={at} className="grid" x1={at} x2={at} y1={frame.top} y2={frame.bottom} />
        ))}
      <line className="axis" x1={frame.left} x2={frame.right} y1={frame.bottom} y2={frame.bottom} />
      {positions.map(({ at, label }) => (
        <text key={`${at}`} className="tick" x={at} y={frame.bottom + 14} textAnchor="middle">
          {label}
        </text>
      ))}
    </g>
  );
}
