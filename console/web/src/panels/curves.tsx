import { inUnitOf, metricFacts, metricLabel, metricTitle } from '../../../../contracts/metric-facts.ts';
import type { Curve } from '../api/bodies.ts';
import { LineChart } from '../charts/line-chart.tsx';
import { Empty } from '../ui/panel.tsx';

interface CurvesProps {
  /** Names of runs or versions with their curves; several share their charts. */
  readonly of: readonly { readonly name: string; readonly curves: readonly Curve[] }[];
}

/** Draws one chart per metric, with training and validation together. */
export function Curves({ of }: CurvesProps) {
  const members = of.flatMap(({ name, curves }, i) =>
    curves.filter(({ points }) => points.length > 1).map((curve) => ({ name, curve, tone: i + 1 })),
  );
  const families = Map.groupBy(members, ({ curve }) => curve.key.replace(/^(train|held_out|val)_/, ''));
  if (families.size === 0) return <Empty>No metric has more than one step.</Empty>;
  return (
    <div className="grid-2">
      {[...families].map(([family, ofFamily]) => (
        <LineChart
          key={family}
          title={metricLabel(family)}
          xTitle="epoch"
          height={180}
          series={ofFamily.map(({ name, curve, tone }, i) => ({
            label: of.length > 1 ? `${name} ${metricFacts(curve.key).name}` : metricTitle(curve.key),
            points: curve.points.map(({ step, value }) => ({ x: step, y: inUnitOf(curve.key, value) })),
            // Several runs differ by colour, and training from validation by dashes.
            tone: of.length > 1 ? tone : (i % 6) + 1,
            dashed: /^(held_out|val)_/.test(curve.key),
          }))}
        />
      ))}
    </div>
  );
}
