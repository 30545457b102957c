import { shortNumber } from '../format/numbers.ts';
import { ticks, type Scale } from './scale.ts';

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface YAxisProps {
  readonly scale: Scale;
  readonly frame: Frame;
  readonly format?: (value: number) => string;
}

/** Horizontal hairlines with their values at the left. */
export function YAxis({ scale, frame, format = shortNumber }: YAxisProps) {
  return (
    <g aria-hidden="true">
      {ticks(scale.domain, 4).map((value) => (
        <g key={value}>
          <line className="grid" x1={frame.left} x2={frame.right} y1={scale(value)} y2={scale(value)} />
          <text className="tick" x={frame.left - 6} y={scale(value)} dy="0.32em" textAnchor="end">
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
}

export function XAxis({ positions, frame }: XAxisProps) {
  return (
    <g aria-hidden="true">
      <line className="axis" x1={frame.left} x2={frame.right} y1={frame.bottom} y2={frame.bottom} />
      {positions.map(({ at, label }) => (
        <text key={`${at}`} className="tick" x={at} y={frame.bottom + 14} textAnchor="middle">
          {label}
        </text>
      ))}
    </g>
  );
}

/** At most `room` of `labels`, evenly spaced, always with the first. */
export function thinned<T>(labels: readonly T[], room: number): T[] {
  const every = Math.max(1, Math.ceil(labels.length / Math.max(1, room)));
  return labels.filter((_, i) => i % every === 0);
}
