import { describe, expect, test } from 'vitest';
import type { FrameRow } from '../../../contracts/frame.ts';
import { evaluationPage } from '../../../core/evaluation/evaluation-page.ts';
import { evaluationPictures } from '../../../core/evaluation/evaluation-pictures.ts';
import { evaluate, yearlyGrowth } from '../../../core/evaluation/evaluation.ts';
import { groupedMetrics } from '../../../core/evaluation/evaluation-groups.ts';
import { parseModelFiles } from '../../../core/serving/serving-model.ts';
import { svgFile } from '../../../core/report/svg-file.ts';
import { tinyModelFiles } from '../inference/tiny-model.ts';
import { madeUpFrame } from '../serving/tiny-network.ts';
import type { Figure } from '../../../core/report/figure.ts';

const model = parseModelFiles(tinyModelFiles({ base: 1000 }));
const hours = madeUpFrame(24 * 42);
const [train, later] = [hours.slice(0, 24 * 28), hours.slice(24 * 28)];
const hidden = { rows: 10, rmse: 600, mae: 400, r2: 0.9, bias: 1, mape: 12 };
const training = { weekBlocks: { folds: 4, ...hidden, rmse: 700 }, randomSplit: { note: '', ...hidden } };
const importance = [
  { name: 'wind', rmseIncrease: -1, deviation: 1 },
  { name: 'hour of day', rmseIncrease: 900, deviation: 20 },
];
const evaluated = evaluate(model, train, later, training, importance);

function hour(changes: Partial<FrameRow>): FrameRow {
  return { ...hours[0]!, ...changes };
}

describe('groups of hours', () => {
  // 2025-01-06 is a Monday.
  const rows = [
    hour({ date: '2025-01-06', hour: 3, PRCP: 0.02, TMAX: 44.9, SNOW: 0, SNWD: 0 }),
    hour({ date: '2025-01-06', hour: 17, PRCP: 0.03, TMAX: 45, SNOW: 0, SNWD: 1.2 }),
    hour({ date: '2025-01-12', hour: 17, PRCP: null, TMAX: 80, SNOW: null, SNWD: null, holiday: 1 }),
  ];
  const scored = [10, 20, 30].map((error) => ({ actual: 100, prediction: 100 + error }));
  const groups = groupedMetrics(rows, scored);
  const biases = (by: Readonly<Record<string, { readonly bias: number }>>) =>
    Object.fromEntries(Object.entries(by).map(([name, { bias }]) => [name, bias]));

  test('by weather use the bounds of the bins', () => {
    expect(biases(groups.byWeather.rain)).toEqual({ dry: 10, wet: 20, 'not observed': 30 });
    expect(biases(groups.byWeather.warmth)).toEqual({ cold: 10, mild: 20, hot: 30 });
    expect(biases(groups.byWeather.snow)).toEqual({ 'no snow': 10, snow: 20, 'not observed': 30 });
  });

  test('by calendar and clock have known numbers', () => {
    expect(biases(groups.byWeekday)).toEqual({ Monday: 15, Sunday: 30 });
    expect(biases(groups.byHour)).toEqual({ 3: 10, 17: 25 });
    expect(biases(groups.byHourGroup)).toEqual({ '00–05': 10, '16–19': 25 });
    expect(biases(groups.byHoliday)).toEqual({ 'other day': 15, holiday: 30 });
  });
});

describe('the report', () => {
  test('names growth per year with its standard error', () => {
    // e^(0.001 · 365.25) = 1.4409; times 365.25 · 0.0001 = 0.05263.
    const { yearly, yearlyStandardError } = yearlyGrowth({
      rate: 0.001,
      standardError: 0.0001,
      origin: '2024-01-01',
    });
    expect(yearly).toBeCloseTo(0.4409, 4);
    expect(yearlyStandardError).toBeCloseTo(0.05263, 5);
  });

  test('labels the random split', () => {
    expect(evaluated.report.insideTraining?.randomSplit).toEqual({
      meaning: 'random 20 % of the training hours; rewards memorising days',
      metrics: hidden,
    });
  });

  test('counts the hours that MAPE leaves out', () => {
    const silent = later.map((row, i) => (i < 3 ? { ...row, trips: 0 } : row));
    expect(evaluate(model, train, silent, null, []).report).toMatchObject({
      hoursWithoutTrips: 3,
      insideTraining: null,
    });
  });

  test('lists the most important features first', () => {
    expect(evaluated.report.importance.map(({ name }) => name)).toEqual(['hour of day', 'wind']);
  });

  test('rejects training hours, and an empty list', () => {
    expect(() => evaluate(model, train, hours, null, [])).toThrow(
      /2024-01-01 is not after the training span/,
    );
    expect(() => evaluate(model, train, [], null, [])).toThrow(/got no hours to score/);
  });
});

describe('pictures', () => {
  const pictures = evaluationPictures({
    ...evaluated,
    rows: later,
    history: { train_loss: [3, 2], held_out_loss: [4, 3], learning_rate: [1e-3, 5e-4] },
  });

  test('show fit, weeks, residuals, importance, errors and learning', () => {
    expect(Object.keys(pictures)).toEqual([
      'actual-against-predicted',
      'week-worst',
      'week-median',
      'week-best',
      'residuals-by-hour',
      'residuals-over-time',
      'importance',
      'error-by-hour',
      'error-by-weekday',
      'error-by-month',
      'learning-curves',
      'learning-rate',
    ]);
  });

  test('draw no NaN', () => {
    for (const figure of Object.values(pictures)) expect(figure.marks).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('have a title, a legend and a style', () => {
    const file = svgFile(pictures['week-worst']!);
    expect(file).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(file).toMatch(
      /<title>The worst week, from Monday 2024-\d\d-\d\d: RMSE [\d,.]+, trips per hour<\/title>/,
    );
    for (const label of ['actual', 'predicted', '90 % interval']) expect(file).toContain(`>${label}</text>`);
    expect(file).toContain('<style>');
  });

  test('leave a gap for the hour that spring skips', () => {
    const rows = later.filter((_, i) => i !== 50);
    const scored = evaluated.scored.filter((_, i) => i !== 50);
    const { 'week-worst': worst, 'week-best': best } = evaluationPictures({
      report: evaluated.report,
      rows,
      scored,
      history: {},
    });
    const lines = ({ marks }: Figure) =>
      marks.match(/<path class="a" d="([^"]*)"/)![1]!.split('M').length - 1;
    expect(lines(worst!) + lines(best!)).toBe(3);
  });

  test('are on a page that needs no other file', () => {
    const page = evaluationPage(evaluated.report, pictures);
    expect(page.match(/<figure>/g)).toHaveLength(Object.keys(pictures).length);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('random 20 % of the training hours; rewards memorising days');
    expect(page).not.toMatch(/NaN|undefined/);
  });
});
