/** How requests come to a new version: at once, or through a trial beside the one that serves. */
import { Type, type Static } from 'typebox';

const Limit = (fallback: number, minimum: number, description: string) =>
  Type.Number({ minimum, default: fallback, description });

export const TrafficInput = Type.Object(
  {
    /**
     * `at-once`: swapped as soon as it is proven. `canary`: answers a share of the requests first. `shadow`: computes every request
     * beside the served version, which goes on answering; its answers reach nobody.
     */
    mode: Type.Union([Type.Literal('at-once'), Type.Literal('canary'), Type.Literal('shadow')], {
      default: 'at-once',
      description: "'at-once', 'canary' or 'shadow'",
    }),
    /** Share of the requests that a canary answers. */
    percent: Type.Integer({
      minimum: 1,
      maximum: 99,
      default: 10,
      description: 'a whole number from 1 to 99',
    }),
    /** How long the trial lasts; one that breaks a limit ends at once. */
    minutes: Type.Number({
      minimum: 0.05,
      maximum: 1440,
      default: 10,
      description: 'minutes from 0.05 to 1440',
    }),
    /** Fewer requests than this, of either version, prove nothing: the trial is not passed. */
    minRequests: Type.Integer({
      minimum: 1,
      default: 100,
      description: 'a whole number of requests, at least 1',
    }),
    /** By how much the share of failed requests may be above the served version's. */
    maxErrorRate: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.01,
      description: 'a fraction from 0 to 1',
    }),
    /** Of the 95th percentiles of computing time, new to served; differences under a millisecond count as none. */
    maxLatencyRatio: Limit(2, 1, 'a ratio of at least 1'),
    /**
     * Mean of |new − served| / served over the rows that both computed. The default is far above what two good models differ by: it is
     * there for one that is broken, not for one that is better.
     */
    maxDisagreement: Limit(0.5, 0, 'a fraction of at least 0'),
  },
  { additionalProperties: false, default: {} },
);
export type TrafficInput = Static<typeof TrafficInput>;
export type TrialMode = Exclude<TrafficInput['mode'], 'at-once'>;
export type TrialLimits = Pick<
  TrafficInput,
  'minRequests' | 'maxErrorRate' | 'maxLatencyRatio' | 'maxDisagreement'
>;

/** What was counted of one version in a trial, over all processes. */
export interface VersionFigures {
  readonly version: string;
  readonly requests: number;
  readonly errors: number;
  /** 95th percentile of the time it took to compute a request, in milliseconds; null without requests. */
  readonly p95Ms: number | null;
}

export interface TrialFigures {
  readonly candidate: VersionFigures;
  readonly served: VersionFigures;
  /** Mean of |candidate − served| / max(served, 1 trip) over the rows that both computed; null when there was none. */
  readonly disagreement: number | null;
  readonly comparedRows: number;
}

export interface TrialVerdict extends TrialFigures {
  readonly decision: 'continue' | 'passed' | 'failed';
  /** One sentence for people, with the figures it rests on. */
  readonly reason: string;
}

export interface TrialResult extends TrialVerdict {
  readonly mode: TrialMode;
  readonly percent: number;
  readonly seconds: number;
}
