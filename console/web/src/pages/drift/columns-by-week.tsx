import { excess, readableScores, scoreText } from '../../../../../contracts/drift-reading.ts';
import type { DriftColumn } from '../../api/bodies.ts';
import { HeatMap, type HeatCell } from '../../charts/heat-map.tsx';
import { number } from '../../format/numbers.ts';
import { Empty } from '../../ui/panel.tsx';

interface ColumnsByWeekProps {
  readonly columns: readonly DriftColumn[] | null;
  readonly chosen: { readonly row: string | undefined; readonly column: string | undefined };
  readonly onChoose: (column: string, week: string) => void;
}

/** Draws the drift score of each column and week. */
export function ColumnsByWeek({ columns, chosen, onChoose }: ColumnsByWeekProps) {
  if (!columns || columns.length === 0) return <Empty>The checks of these weeks compared no column.</Empty>;
  const byWeek = [...Map.groupBy(columns, ({ week }) => week).values()];
  const scores = byWeek.flatMap((week) => readableScores(week));
  const cells = scores.map((score): HeatCell => ({
    row: score.column,
    column: score.week,
    level: levelOf(score),
    marked: score.drifted,
    text: `${scoreText(score, number)}${score.drifted ? ': drifted' : ''}`,
  }));
  return (
    <>
      <HeatMap
        title="Drift score of each column by week; a dot marks a score beyond its threshold"
        rows={[...new Set(scores.map(({ column }) => column))]}
        columns={[...new Set(columns.map(({ week }) => week))].sort()}
        columnLabel={(week) => week.replace(/^\d{4}-/, '')}
        cells={cells}
        chosen={chosen}
        onChoose={onChoose}
      />
      <p className="hint">
        Click a cell to compare its week with the reference below. Hour, weekday, week and month are compared
        as sine and cosine, which count as two columns; the cell shows the score further beyond its threshold.
      </p>
    </>
  );
}

/** Grades a score by how many times it is beyond its threshold. */
function levelOf(score: DriftColumn): HeatCell['level'] {
  const ratio = excess(score);
  if (!score.drifted) return ratio > 0.5 ? 1 : 0;
  return ratio > 8 ? 4 : ratio > 3 ? 3 : 2;
}
