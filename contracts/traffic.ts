/** Defines how requests reach a new version: at once, or after a canary or shadow. */
import { Type, type Static } from 'typebox';

export const TrafficInput = Type.Object(
  {
    /**
     * `at-once`: the service swaps as soon as the version is proven. `canary`: the version answers a share of the requests first.
     * `shadow`: the version computes every request, and the served version answers all of them.
     */
    mode: Type.Union([Type.Literal('at-once'), Type.Literal('canary'), Type.Literal('shadow')], {
      title: 'how the version takes over the requests',
      default: 'at-once',
      description: "'at-once', 'canary' or 'shadow'",
    }),
    percent: Type.Integer({
      title: 'share of the requests that the canary answers, in percent',
      minimum: 1,
      maximum: 99,
      default: 10,
      description: 'a whole number from 1 to 99',
    }),
    /** A canary or shadow that exceeds a limit ends at once. */
    minutes: Type.Number({
      title: 'duration of the canary or shadow in minutes',
      minimum: 0.05,
      maximum: 1440,
      default: 10,
      description: 'a number of minutes from 0.05 to 1440',
    }),
    minRequests: Type.Integer({
      title: 'minimum requests of each version; with fewer, the canary or shadow fails',
      minimum: 1,
      default: 100,
      description: 'a whole number of requests, at least 1',
    }),
    maxErrorRate: Type.Number({
      title: 'largest excess of the share of failed requests over that of the served version',
      minimum: 0,
      maximum: 1,
      default: 0.01,
      description: 'a fraction from 0 to 1',
    }),
    /** Differences under 1 ms are ignored. */
    maxLatencyRatio: Type.Number({
      title: 'largest ratio of the 95th percentiles of latency, new version to served version',
      minimum: 1,
      default: 2,
      description: 'a ratio of at least 1',
    }),
    /** Two good versions differ by far less than the default, which stops only broken versions. */
    maxDisagreement: Type.Number({
      title: 'largest mean of |new − served| / served, over the rows that both versions computed',
      minimum: 0,
      default: 0.5,
      description: 'a fraction of at least 0',
    }),
  },
  {
    title: 'rollout of the version: at once, or after a canary or shadow',
    additionalProperties: false,
    default: {},
    description: 'an object such as {"mode": "canary", "percent": 10}',
  },
);
export type TrafficInput = Static<typeof TrafficInput>;
export type CanaryMode = Exclude<TrafficInput['mode'], 'at-once'>;
export type CanaryLimits = Pick<
  TrafficInput,
  'minRequests' | 'maxErrorRate' | 'maxLatencyRatio' | 'maxDisagreement'
>;

/** Sums what all processes counted for one version during a canary or shadow. */
export interface VersionFigures {
  readonly version: string;
  readonly requests: number;
  readonly errors: number;
  /** 95th percentile of the computing time of a request in milliseconds. It is null without requests. */
  readonly p95Ms: number | null;
}

export interface CanaryFigures {
  readonly candidate: VersionFigures;
  readonly served: VersionFigures;
  /** Mean of |candidate − served| / max(served, 1 trip) over the rows that both computed. It is null without such rows. */
  readonly disagreement: number | null;
  readonly comparedRows: number;
}

export interface CanaryJudgement extends CanaryFigures {
  readonly decision: 'continue' | 'passed' | 'failed';
  /** Sentence with the figures that decided. */
  readonly reason: string;
}

export interface CanaryResult extends CanaryJudgement {
  readonly mode: CanaryMode;
  readonly percent: number;
  readonly seconds: number;
}
