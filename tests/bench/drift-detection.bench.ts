/**
 * Measures the false alarms of the like-with-like comparison, and what it detects. Compares each week of the
 * training year, predicted out of fold, with all other weeks; then decides about later months. DATA=FOLDER for
 * other files.
 */
import type { FrameRow } from '../../contracts/frame.ts';
import { HyperParameters } from '../../contracts/hyper-parameters.ts';
import type { StoredFeatureSet } from '../../contracts/stored-names.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import { FORMER_PLACE } from '../../contracts/former-place.ts';
import { readDriftRules } from '../../activities/drift/drift-rules-file.ts';
import { Reference } from '../../core/drift/evidently/compare.ts';
import { decide, type Decision } from '../../core/drift/decision/decision.ts';
import type { DriftRules } from '../../core/drift/decision/drift-rules.ts';
import { hourResiduals } from '../../core/drift/residuals/hour-residual.ts';
import { compareResiduals } from '../../core/drift/residuals/compare-residuals.ts';
import { monitoredPredictions } from '../../core/drift/monitored-predictions.ts';
import { monitoredTable, PREDICTION, TARGET } from '../../core/drift/monitored-table.ts';
import { OUT_OF_FOLD_FILE, parseOutOfFold } from '../../core/training/out-of-fold.ts';
import { parseModelFiles } from '../../core/serving/serving-model.ts';
import { Value } from 'typebox/value';
import { findBenchData, readSpan } from './accuracy/bench-data.ts';
import { trainLocally } from './accuracy/train-locally.ts';
import { CHANGES, LEVEL_SHIFT } from './drift/changes.ts';
import { LeaveOneOut, type Count } from './drift/detection.ts';
import { wilson } from './drift/wilson.ts';
import type { JudgedTarget, ReportBench } from './harness/bench.ts';
import { markdownTable } from './harness/report.ts';

const TRAIN: MonthSpan = { from: '2024-01', to: '2024-12' };
const LATER: MonthSpan = { from: '2025-01', to: '2025-03' };
const SEED = 42;

interface Monitored {
  readonly rows: readonly FrameRow[];
  readonly predicted: ReturnType<typeof monitoredPredictions>;
}

async function monitored(
  rows: readonly FrameRow[],
  trained: readonly FrameRow[],
  featureSet: StoredFeatureSet,
  growth: boolean,
): Promise<Monitored> {
  const hyperParameters = Value.Parse(HyperParameters, Value.Default(HyperParameters, { growth }));
  const { files } = await trainLocally(trained, { featureSet, hyperParameters, seed: SEED, span: TRAIN });
  const outOfFold = parseOutOfFold(files[OUT_OF_FOLD_FILE]!);
  return { rows, predicted: monitoredPredictions(parseModelFiles(files), rows, outOfFold) };
}

/** Decides as a check does: compares the months with those a year before, and each week with the training year. */
function decided({ rows, predicted }: Monitored, current: MonthSpan, rules: DriftRules): Decision {
  const within = ({ date }: { readonly date: string }, { from, to }: MonthSpan) =>
    date.slice(0, 7) >= from && date.slice(0, 7) <= to;
  const before = (month: string) => `${Number(month.slice(0, 4)) - 1}${month.slice(4)}`;
  const reference = { from: before(current.from), to: before(current.to) };
  const tableOf = (span: MonthSpan) => {
    const kept = rows.flatMap((row, i) => (within(row, span) ? [i] : []));
    return monitoredTable(
      kept.map((i) => rows[i]!),
      kept.map((i) => predicted.predictions[i]!),
    );
  };
  const [earlier, later] = [tableOf(reference), tableOf(current)];
  const hours = hourResiduals(rows, predicted);
  return decide({
    comparison: new Reference(earlier, { target: TARGET, prediction: PREDICTION }).compare(later),
    predictionColumn: PREDICTION,
    referenceHours: { all: earlier.rows, inSample: 0 },
    likeWithLike: compareResiduals({
      reference: hours.filter((hour) => within(hour, TRAIN)),
      current: hours.filter((hour) => within(hour, current)),
      rules: rules.likeWithLike,
      place: FORMER_PLACE,
    }),
    month: current.to,
    earlier: [],
    rules,
  });
}

const interval = (hits: number, of: number): string => {
  const { low, high } = wilson(hits, of);
  return `${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)} %`;
};
const weekNames = (weeks: readonly string[]): string =>
  weeks.length > 12 ? `${weeks.length} weeks` : weeks.map((week) => week.slice(5)).join(' ') || 'none';

function row(name: string, { found, named, of, wrong }: Count, isNamed: boolean): string[] {
  return [
    name,
    `${found} of ${of}`,
    interval(found, of),
    isNamed ? `${named}` : '',
    isNamed ? interval(named, of) : '',
    weekNames(wrong),
  ];
}

function target(text: string, passes: boolean, measured: string): JudgedTarget {
  return { text, judgement: { passes, measured } };
}

export const bench: ReportBench = {
  name: 'drift-detection',
  title: 'Drift: false alarms and what is found',
  onDemand: 'two trainings and a thousand comparisons: a few minutes',
  measure: async ({ log }) => {
    const rules = await readDriftRules();
    const data = findBenchData();
    const [trained, later] = [await readSpan(data, TRAIN), await readSpan(data, LATER)];
    const all = [...trained, ...later];
    log('  training the default model');
    const champion = await monitored(all, trained, 'demand', true);
    log('  training a model of feature set basic, without growth');
    const basic = await monitored(all, trained, 'seed', false);

    const hours = hourResiduals(champion.rows, champion.predicted);
    const [year, after] = [hours.slice(0, trained.length), hours.slice(trained.length)];
    const weeks = new LeaveOneOut(year, after, rules.likeWithLike);
    log('  leaving each week out');
    const [none, same] = [weeks.falseAlarms(), weeks.detections(LEVEL_SHIFT)];
    const within = weeks.detectionsWithinTwoWeeks(LEVEL_SHIFT);
    const others = CHANGES.map((change) => [change.name, weeks.detections(change)] as const);
    const table = markdownTable(
      ['change to the week', 'alarm', '95 %', 'named', '95 %', 'false alarms, or missed weeks'],
      [
        row('nothing', none, false),
        row(`${LEVEL_SHIFT.name}, the same week`, same, false),
        row(`${LEVEL_SHIFT.name}, within two weeks`, within, false),
        ...others.map(([name, count]) => row(name, count, true)),
      ],
    );
    const decisions = [
      ['the default model, 2025-02', decided(champion, { from: '2025-02', to: '2025-02' }, rules)],
      ['the default model, 2025 Q1', decided(champion, LATER, rules)],
      ['feature set basic without growth, 2025 Q1', decided(basic, LATER, rules)],
    ] as const;
    const outcome = (at: number) => decisions[at]![1].decision;
    return {
      command: 'make bench BENCH=drift-detection',
      blocks: [
        'Each whole week of 2024, its out-of-fold predictions against those of all other weeks, by the rules of `inputs/drift.yaml` alone: one ' +
          'set of thresholds for all rows. Intervals are Wilson’s. A change of unit counts where the week has a value above 0 to change.',
        table,
        markdownTable(
          ['compared with the months a year before', 'decision', 'first reason'],
          decisions.map(([name, { decision, reasons }]) => [name, decision, reasons[0]!]),
        ),
      ],
      judgedTargets: [
        target('at most 3 false alarms', none.found <= 3, `${none.found}`),
        target('+20 % found in the same week in at least 45', same.found >= 45, `${same.found}`),
        target('within two weeks in at least 51', within.found >= 51, `${within.found}`),
        target('an undrifted month is kept', outcome(0) === 'keep', outcome(0)),
        target('a model that lost the level is retrained', outcome(2) === 'retrain', outcome(2)),
      ],
    };
  },
};
