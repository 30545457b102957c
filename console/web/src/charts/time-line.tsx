import { linearScale, ticksOf } from '../../../../core/charts/scales.ts';
import { duration } from '../format/time.ts';
import { lookOf } from '../ui/state-badge.tsx';
import { useWidth } from './use-width.ts';
import { XAxis } from './axes.tsx';

interface Span {
  readonly id: string;
  readonly label: string;
  readonly state: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

interface TimeLineProps {
  readonly spans: readonly Span[];
  readonly selected?: string | undefined;
  readonly onSelect: (id: string) => void;
}

const ROW = 20;

/** Draws when each step ran, one step per row; a click selects a step. */
export function TimeLine({ spans, selected, onSelect }: TimeLineProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const start = Math.min(...spans.map(({ from }) => from));
  const end = Math.max(...spans.map(({ to }) => to), start + 1);
  const left = Math.min(220, width * 0.34);
  const height = spans.length * ROW + 26;
  const frame = { left, right: width - 20, top: 0, bottom: height - 22 };
  const x = linearScale([0, end - start], [frame.left, frame.right]);
  const marks = ticksOf(x, Math.max(2, (frame.right - frame.left) / 110));
  return (
    <div ref={element}>
      <svg
        className="chart"
        width={width}
        height={height}
        role="img"
        aria-label="When each step ran; the table of steps has the same values"
      >
        {marks.map(({ value, at }) => (
          <line key={value} className="grid" x1={at} x2={at} y1="0" y2={frame.bottom} />
        ))}
        {spans.map((span, i) => (
          <g
            key={span.id}
            className={`span${span.id === selected ? ' span-selected' : ''}`}
            onClick={() => onSelect(span.id)}
          >
            <rect className="span-row" x="0" y={i * ROW} width={width} height={ROW} />
            <text className="tick" x={left - 8} y={i * ROW + 14} textAnchor="end">
              {shortened(span.label, Math.floor(left / 6.6))}
            </text>
            <rect
              className={`span-bar fill-${lookOf(span.state).tone}`}
              x={x(span.from - start)}
              y={i * ROW + 4}
              width={Math.max(2, x(span.to - start) - x(span.from - start))}
              height={ROW - 8}
              rx="2"
            >
              <title>{`${span.label}: ${span.state}, ${duration(span.to - span.from)}`}</title>
            </rect>
          </g>
        ))}
        <XAxis
          frame={frame}
          positions={marks.map(({ value, at }) => ({ at, label: value === 0 ? '0' : duration(value) }))}
        />
      </svg>
    </div>
  );
}

function shortened(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}
