/** Tests what the console shows of a step's log, whole and while it grows. */
import { expect, test } from 'vitest';
import { ObjectStore } from '../../../adapters/s3/object-store.ts';
import { stepLogUri } from '../../../contracts/step-log.ts';
import type { World } from './world.ts';
import { WIDE, loaded, open } from './visit.ts';

interface Detail {
  readonly data: {
    readonly run: { readonly runId: string };
    readonly steps: {
      id: string;
      name: string;
      state: string;
      cached: boolean;
      closedAt?: string | undefined;
    }[];
  };
}

export function logTests(world: World): void {
  test('a run shows the lines of all steps and child runs in order of time', async () => {
    const context = await world.browser.newContext({ viewport: WIDE });
    const page = await open(context, `${world.console}/runs/${world.runId}`);
    const panel = page.getByRole('region', { name: 'Log of all steps', exact: true });
    await panel.getByRole('button', { name: 'Show' }).click();
    const lines = (await panel.locator('pre').innerText()).trimEnd().split('\n');
    const labels = new Set(lines.map((line) => line.split(' | ')[0]));
    expect(
      [...labels].filter((label) => /^(ingest|training|monitoring)\./.test(label!)).length,
    ).toBeGreaterThan(2);
    const times = lines.flatMap((line) => /\| (\d{4}-\d\d-\d\dT[\d:.]+Z)/.exec(line)?.[1] ?? []);
    expect(times).toEqual(times.toSorted());
    const whole = await panel.getByRole('link', { name: 'Whole log of the run' }).getAttribute('href');
    const text = await (await context.request.get(world.console + whole)).text();
    expect(text.endsWith(`${lines.at(-1)}\n`)).toBe(true);
    await context.close();
  });

  test('a step has a line per epoch, and its log grows on the page within 2 s', async () => {
    const workflowId = `${world.runId}-training`;
    const context = await world.browser.newContext({ viewport: WIDE });
    const answer = await context.request.get(`${world.console}/api/runs/${workflowId}`);
    const { run, steps } = ((await answer.json()) as Detail).data;
    const { id, cached } = steps.find(({ name }) => name === 'trainModel')!;

    const trained = await open(context, `${world.console}/runs/${workflowId}?step=${id}`);
    const log = trained.getByRole('region', { name: 'Log', exact: true });
    // On a stack that has run these tests before, the model is found and not trained.
    const last = cached
      ? 'found: it was made before'
      : /epoch 10 of 10, \d+ networks: train loss [\d.]+, validation loss [\d.]+/;
    await log.getByText(last).waitFor();
    if (!cached) expect((await log.locator('pre').innerText()).match(/epoch \d+ of 10/g)).toHaveLength(10);

    const objects = new ObjectStore(world.settings.s3);
    const uri = stepLogUri(
      objects.buckets.artifacts,
      { workflowId, runId: run.runId, activityId: 'growing' },
      1,
    );
    const lines = Array.from(
      { length: 2_000 },
      (_, i) => `2025-01-01T00:00:00.000Z INFO  line ${i} of the past\n`,
    );
    await objects.put(uri, lines.join(''));
    const page = await context.newPage();
    await page.route(`**/api/runs/${workflowId}?*`, async (route) => {
      const detail = (await (await route.fetch()).json()) as Detail;
      for (const step of detail.data.steps)
        if (step.id === id) Object.assign(step, { id: 'growing', state: 'running', closedAt: undefined });
      await route.fulfill({ json: detail });
    });
    await page.goto(`${world.console}/runs/${workflowId}?run=${run.runId}&step=growing`);
    await loaded(page);
    const growing = page.getByRole('region', { name: 'Log', exact: true });
    await growing.getByText('line 1999 of the past').waitFor();
    expect(await growing.getByText('line 0 of the past').count()).toBe(0);
    await objects.put(uri, `${lines.join('')}2025-01-01T00:00:01.000Z INFO  just logged\n`);
    await growing.getByText('just logged').waitFor({ timeout: 2_000 });
    await growing.getByRole('button', { name: 'Load older lines' }).click();
    await growing.getByText('line 0 of the past').waitFor();
    await objects.delete(uri);
    objects.close();
    await context.close();
  });
}
