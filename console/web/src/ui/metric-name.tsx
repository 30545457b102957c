import { metricFacts, metricTitle } from '../../../../contracts/metric-facts.ts';

/** Names a metric with its unit; the tooltip has its key in MLflow. */
export function MetricName({ text: key }: { readonly text: string }) {
  const { unit } = metricFacts(key);
  return (
    <span className="metric-name" title={key}>
      {metricTitle(key)}
      {unit && <span className="muted">, {unit}</span>}
    </span>
  );
}
