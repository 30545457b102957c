/** Tests which predictions the service logs as forecasts and which as what-if predictions. */
import { expect, it } from 'vitest';
import { predictTrip, startServing, TRIP } from './test-service.ts';
import { FeatureBatch } from '../../../inference/schemas/predict.ts';

const AT_9 = { ...TRIP, date: '2025-01-15T09:00:00' };

async function loggedOf(rows: readonly unknown[], query = ''): Promise<boolean[]> {
  const { app, logged } = await startServing();
  expect((await predictTrip(app, rows, query)).statusCode).toBe(200);
  await app.close();
  return logged.sort((a, b) => a.rowIndex - b.rowIndex).map(({ isWhatIf }) => isWhatIf);
}

it.each([
  ['a forecast unless marked', [TRIP], '', [false]],
  ['a forecast where the mark is false', [TRIP], '?what_if=false', [false]],
  ['what-if where marked', [TRIP, AT_9], '?what_if=true', [true, true]],
  ['what-if for an hour with several answers', [TRIP, AT_9, { ...TRIP, TMAX: 80 }], '', [true, false, true]],
  ['a forecast for an hour that is repeated', [TRIP, AT_9, TRIP], '', [false, false, false]],
])('logs %s', async (_what, rows, query, expected) => {
  expect(await loggedOf(rows, query)).toEqual(expected);
});

it('logs every scenario of a large request as what-if', async () => {
  const rows = Array.from({ length: 1_000 }, (_, i) => (i === 0 ? AT_9 : { ...TRIP, TMAX: 40 + i / 20 }));
  expect((await loggedOf(rows)).filter((isWhatIf) => !isWhatIf)).toHaveLength(1);
});

it('logs features without a date as what-if: they name no hour', async () => {
  const { app, logged } = await startServing();
  const [payload] = (FeatureBatch as unknown as { examples: [object] }).examples;
  expect((await app.inject({ method: 'POST', url: '/predict', payload })).statusCode).toBe(200);
  await app.close();
  expect(logged.map(({ isWhatIf }) => isWhatIf)).toEqual([true]);
});

it('rejects values of what_if other than true and false', async () => {
  const { app } = await startServing();
  const answer = await predictTrip(app, [TRIP], '?what_if=perhaps');
  expect(answer.statusCode).toBe(422);
  expect(answer.json<{ errors: { field: string }[] }>().errors[0]?.field).toBe('what_if');
});
