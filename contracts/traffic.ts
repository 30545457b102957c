/** How requests reach a new version: at once, or after a canary or a shadow beside the served version. */
import { Type, type Static } from 'typebox';

const Limit = (fallback: number, minimum: number, description: string) =>
  Type.Number({ minimum, default: fallback, description });

export const TrafficInput = Type.Object(
  {
    /**
     * `at-once`: the service swaps as soon as the version is proven. `canary`: the version answers a share of the requests first.
     * `shadow`: the version computes every request, and the served version answers all of them.
     */
    mode: Type.Union([Type.Literal('at-once'), Type.Literal('canary'), Type.Literal('shadow')], {
      default: 'at-once',
      description: "'at-once', 'canary' or 'shadow'",
    }),
    /** Share of the requests that the canary answers. */
    percent: Type.Integer({
      minimum: 1,
      maximum: 99,
      default: 10,
      description: 'a whole number from 1 to 99',
    }),
    /** How long the canary or shadow lasts. It ends at once when it breaks a limit. */
    minutes: Type.Number({
      minimum: 0.05,
      maximum: 1440,
      default: 10,
      description: 'minutes from 0.05 to 1440',
    }),
    /** With fewer requests of either version than this, the canary or shadow fails. */
    minRequests: Type.Integer({
      minimum: 1,
      default: 100,
      description: 'a whole number of requests, at least 1',
    }),
    /** Maximum difference of the shares of failed requests, new version less served version. */
    maxErrorRate: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.01,
      description: 'a fraction from 0 to 1',
    }),
    /** Maximum ratio of the 95th percentiles of computing time, new to served. Differences under 1 ms are ignored. */
    maxLatencyRatio: Limit(2, 1, 'a ratio of at least 1'),
    /**
     * Maximum of the mean of |new − served| / served over the rows that both computed. Two good models differ by far less than the
     * default, which only stops broken versions.
     */
    maxDisagreement: Limit(0.5, 0, 'a fraction of at least 0'),
  },
  { additionalProperties: false, default: {} },
);
export type TrafficInput = Static<typeof TrafficInput>;
export type CanaryMode = Exclude<TrafficInput['mode'], 'at-once'>;
export type CanaryLimits = Pick<
  TrafficInput,
  'minRequests' | 'maxErrorRate' | 'maxLatencyRatio' | 'maxDisagreement'
>;

/** What all processes counted of one version during a canary or shadow. */
export interface VersionFigures {
  readonly version: string;
  readonly requests: number;
  readonly errors: number;
  /** 95th percentile of the time it took to compute a request, in milliseconds; null without requests. */
  readonly p95Ms: number | null;
}

export interface CanaryFigures {
  readonly candidate: VersionFigures;
  readonly served: VersionFigures;
  /** Mean of |candidate − served| / max(served, 1 trip) over the rows that both computed; null when there was none. */
  readonly disagreement: number | null;
  readonly comparedRows: number;
}

export interface CanaryJudgement extends CanaryFigures {
  readonly decision: 'continue' | 'passed' | 'failed';
  /** One sentence for people, with the figures that decided. */
  readonly reason: string;
}

export interface CanaryResult extends CanaryJudgement {
  readonly mode: CanaryMode;
  readonly percent: number;
  readonly seconds: number;
}
