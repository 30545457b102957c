/** Decides whether a canary or shadow continues, has passed or has failed, from what the processes counted. */
import type { CanaryFigures, CanaryLimits, CanaryJudgement } from '../../contracts/traffic.ts';

/** Sets the ignored difference in milliseconds. Computing takes microseconds, so any pause doubles a percentile. */
const LATENCY_SLACK_MS = 1;

/** @param last means that the time is up, so the version fails if it received too few requests. */
export function decideCanary(figures: CanaryFigures, limits: CanaryLimits, last: boolean): CanaryJudgement {
  const { candidate, served } = figures;
  const say = (decision: CanaryJudgement['decision'], reason: string): CanaryJudgement => ({
    ...figures,
    decision,
    reason,
  });
  const fewest = Math.min(candidate.requests, served.requests);
  if (fewest < limits.minRequests) {
    const counted = `version ${candidate.version} received ${candidate.requests} requests and version ${served.version} received ${served.requests}`;
    if (!last) return say('continue', counted);
    return say(
      'failed',
      `${counted}: fewer than minRequests (${limits.minRequests}). Set more minutes, a larger percent or a smaller minRequests`,
    );
  }
  const broken = brokenLimit(figures, limits);
  if (broken !== undefined) return say('failed', broken);
  return say(last ? 'passed' : 'continue', summary(figures));
}

function brokenLimit(figures: CanaryFigures, limits: CanaryLimits): string | undefined {
  const { candidate, served, disagreement, comparedRows } = figures;
  const excessErrors = candidate.errors / candidate.requests - served.errors / served.requests;
  if (excessErrors > limits.maxErrorRate) {
    return `version ${candidate.version} failed ${candidate.errors} of ${candidate.requests} requests, version ${served.version} failed ${served.errors} of ${served.requests}: the difference exceeds maxErrorRate (${percent(limits.maxErrorRate)})`;
  }
  const [slow, fast] = [candidate.p95Ms ?? 0, served.p95Ms ?? 0];
  if (slow > fast * limits.maxLatencyRatio && slow - fast > LATENCY_SLACK_MS) {
    return `version ${candidate.version} takes ${milliseconds(slow)} to compute a request (95th percentile), version ${served.version} takes ${milliseconds(fast)}: the ratio exceeds maxLatencyRatio (${limits.maxLatencyRatio})`;
  }
  if (disagreement !== null && disagreement > limits.maxDisagreement) {
    return `version ${candidate.version} differs from version ${served.version} by ${percent(disagreement)} on average over ${comparedRows} rows: this exceeds maxDisagreement (${percent(limits.maxDisagreement)})`;
  }
  return undefined;
}

function summary({ candidate, served, disagreement, comparedRows }: CanaryFigures): string {
  const apart =
    disagreement === null
      ? 'no row was compared'
      : `mean difference ${percent(disagreement)} over ${comparedRows} rows`;
  return (
    `version ${candidate.version}: ${candidate.errors} of ${candidate.requests} requests failed, 95th percentile ${milliseconds(candidate.p95Ms ?? 0)}; ` +
    `version ${served.version}: ${served.errors} of ${served.requests}, ${milliseconds(served.p95Ms ?? 0)}; ${apart}`
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function milliseconds(ms: number): string {
  return `${ms.toPrecision(2)} ms`;
}
