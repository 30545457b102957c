/** From a comparison to what should be done about it, with the reasons in words and numbers. */
import type { Comparison } from './compare.ts';
import { DECISION_RULES, type DecisionRules } from './decision-rules.ts';

export const DECISIONS = ['keep', 'watch', 'retrain', 'alert'] as const;
/** In rising order of urgency. */
export type DecisionKind = (typeof DECISIONS)[number];

export interface Decision {
  readonly decision: DecisionKind;
  /** The most urgent first; never empty. */
  readonly reasons: readonly string[];
}

export interface DecisionInput {
  /** The whole of current against reference, with target and prediction. */
  readonly whole: Comparison;
  readonly predictionColumn: string;
  /** Hours of reference, and how many of their predictions come from a model that was fitted on the very hour. */
  readonly referenceHours: { readonly all: number; readonly inSample: number };
}

interface Finding {
  readonly kind: DecisionKind;
  readonly reason: string;
}

/** The most urgent finding decides; what spoke for keeping is said too. */
export function decide(input: DecisionInput, rules: DecisionRules = DECISION_RULES): Decision {
  const findings = [
    rmseFinding(input, rules),
    biasFinding(input, rules),
    predictionFinding(input),
    missingFinding(input, rules),
    emptyColumnsFinding(input),
  ].filter((finding) => finding !== undefined);
  const urgency = ({ kind }: Finding) => DECISIONS.indexOf(kind);
  const sorted = findings.toSorted((a, b) => urgency(b) - urgency(a));
  return { decision: sorted[0]?.kind ?? 'keep', reasons: sorted.map(({ reason }) => reason) };
}

function missingFinding({ whole }: DecisionInput, { shareMissing }: DecisionRules): Finding {
  const { current } = whole.missing;
  const share = current.share_of_missing_values;
  const columns = current.columns_with_missing_values;
  const kind = share >= shareMissing.alert ? 'alert' : share >= shareMissing.watch ? 'watch' : 'keep';
  const where = columns.length > 0 ? ` (${columns.join(', ')})` : '';
  return {
    kind,
    reason: `${percent(share)} of the values of current are missing${where}; watched from ${percent(shareMissing.watch)}, alert from ${percent(shareMissing.alert)}`,
  };
}

function emptyColumnsFinding({ whole }: DecisionInput): Finding | undefined {
  const empty = Object.entries(whole.columns).filter(([, column]) => column.test === null);
  if (empty.length === 0) return undefined;
  const names = empty.map(([name, column]) => `${name}: ${column.note}`).join('; ');
  return { kind: 'alert', reason: `columns that cannot be compared: ${names}` };
}

function rmseFinding({ whole, referenceHours }: DecisionInput, rules: DecisionRules): Finding | undefined {
  const { current, reference } = whole.regression ?? {};
  if (!current?.rmse || !reference?.rmse) return undefined;
  const errors = `RMSE ${round(current.rmse)} against ${round(reference.rmse)} on reference`;
  if (current.rows < rules.fewestHours) return tooFewHours(errors, current.rows, rules);
  if (referenceHours.inSample > 0) {
    return {
      kind: 'keep',
      reason: `${errors}, not judged: the model was fitted on ${referenceHours.inSample} of the ${referenceHours.all} hours of reference and has no out-of-fold predictions for them`,
    };
  }
  const ratio = current.rmse / reference.rmse;
  const { watch, retrain, alert } = rules.rmseRatio;
  const kind = ratio >= alert ? 'alert' : ratio >= retrain ? 'retrain' : ratio >= watch ? 'watch' : 'keep';
  return {
    kind,
    reason: `${errors}, ratio ${ratio.toFixed(2)}; watched from ${watch}, retrained from ${retrain}, alert from ${alert}`,
  };
}

function biasFinding({ whole }: DecisionInput, rules: DecisionRules): Finding | undefined {
  const { current } = whole.regression ?? {};
  if (!current?.mean_error || !current.target_mean) return undefined;
  const share = current.mean_error / Math.abs(current.target_mean);
  const words = `predictions are ${round(Math.abs(current.mean_error))} an hour ${share < 0 ? 'below' : 'above'} the truth on average, ${percent(Math.abs(share))} of its mean`;
  if (current.rows < rules.fewestHours) return tooFewHours(words, current.rows, rules);
  const { watch, retrain } = rules.bias;
  const kind = Math.abs(share) >= retrain ? 'retrain' : Math.abs(share) >= watch ? 'watch' : 'keep';
  return { kind, reason: `${words}; watched from ${percent(watch)}, retrained from ${percent(retrain)}` };
}

/** Asks to look, no more: other weather moves predictions too, and rightly. */
function predictionFinding({ whole, predictionColumn }: DecisionInput): Finding | undefined {
  const column = whole.columns[predictionColumn];
  if (!column || column.drift_score === null) return undefined;
  return {
    kind: column.drift_detected ? 'watch' : 'keep',
    reason: `prediction drift ${column.drift_score.toPrecision(3)} by ${column.stattest}, ${column.drift_detected ? 'beyond' : 'within'} its threshold of ${column.threshold}`,
  };
}

function tooFewHours(words: string, rows: number, { fewestHours }: DecisionRules): Finding {
  return { kind: 'keep', reason: `${words}, not judged: ${rows} hours, fewer than ${fewestHours}` };
}

const round = (value: number): string => String(Math.round(value));
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
