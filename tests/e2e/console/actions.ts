/** Tests the console's actions and their effects in Temporal, MLflow and the prediction service. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TASK_QUEUE } from '../../../contracts/task-queues.ts';
import type { TrainingResult } from '../../../contracts/workflows/training.ts';
import { WIDE, confirm, loaded, open, outcomeOf } from './visit.ts';
import { servedVersion, type World } from './world.ts';

const ROLLOUT = { timeout: 60_000, interval: 500 };

export function actionTests(world: World): void {
  let context: BrowserContext;

  beforeAll(async () => {
    // Each page asks for the token once.
    context = await world.browser.newContext({ viewport: WIDE });
  });

  afterAll(() => context?.close());

  const visit = (address: string) => open(context, world.console + address);
  const act = async (page: Page, label: string, reason?: string) => {
    await page.getByRole('button', { name: label, exact: true }).click();
    return outcomeOf(page, world.token, label, reason);
  };
  /** Presses a button that disappears with its dialog once the action has worked. */
  const press = async (page: Page, label: string, reason: string) => {
    await page.getByRole('button', { name: label, exact: true }).click();
    await confirm(page, world.token, label, reason);
  };
  const stateOf = (page: Page, state: string) =>
    page.getByRole('region', { name: 'Run', exact: true }).locator('.badge', { hasText: state });
  const resultOf = async (runId: string) =>
    (await world.client.workflow.getHandle(runId).result()) as TrainingResult;

  /** Opens the run that the page has started, and returns its id. */
  async function toTheNewRun(page: Page): Promise<string> {
    await page.getByRole('link', { name: 'Open the new run' }).click();
    await loaded(page);
    return page.locator('h1').innerText();
  }

  describe('a promotion that waits for approval', () => {
    test('a training with changes starts from the form, updates without a reload, and is rejected', async () => {
      const before = await servedVersion(world);
      const id = `${world.runId}-form`;
      const page = await visit(`/runs/${world.runId}-training`);
      await page.getByRole('button', { name: 'Run with changes' }).click();
      await page.getByText('Filled in from').waitFor();
      await page.getByLabel('seed', { exact: true }).fill(String(Date.now() % 100_000));
      await page.getByLabel('promotionRule').selectOption('non-inferiority');
      await page.getByLabel('promotionMargin').fill('1');
      const approval = page.locator('details', { has: page.locator('summary', { hasText: 'approval' }) });
      if ((await approval.getAttribute('open')) === null) await approval.locator('summary').click();
      await approval.getByLabel('required').selectOption('true');
      await page.getByLabel('Workflow id').fill(id);
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await confirm(page, world.token, 'Start');
      await page.waitForURL(`**/runs/${id}**`);
      await page.evaluate('window.kept = true');
      const panel = page.getByRole('region', { name: 'Waiting for approval' });
      await panel.getByRole('cell', { name: 'rmse' }).waitFor({ timeout: 180_000 });
      // The decision has what it needs: the version, its evaluation, and the comparison with the champion.
      await panel.getByRole('link', { name: /^Open version/ }).waitFor();
      await panel.getByRole('link', { name: 'Open evaluation' }).waitFor();
      // The page says once what it waits for, and since when.
      expect(await panel.innerText()).toMatch(
        /Version \d+ of \S+ waits for approval: .+ It has waited for \d+/s,
      );
      expect(await page.getByText(/waits for approval/).count()).toBe(1);
      expect(await page.getByRole('region', { name: 'Outcome', exact: true }).count()).toBe(0);
      const comparison = await panel
        .getByRole('link', { name: /^Compare with champion/ })
        .getAttribute('href');
      expect(comparison).toMatch(new RegExp(`compare\\?versions=${before}%2C\\d+$`));
      await page.screenshot({ path: `${world.screenshots}/approval-light.png`, fullPage: true });
      await press(page, 'Reject', 'console test: no');
      await stateOf(page, 'completed').waitFor({ timeout: 60_000 });
      expect(await page.evaluate('window.kept')).toBe(true);
      const { promotion, version } = await resultOf(id);
      expect(promotion.promote).toBe(false);
      expect(version).not.toBe(before);
      expect(await servedVersion(world)).toBe(before);
      await page.close();
    }, 300_000);

    test('is served once it is run again and approved', async () => {
      const page = await visit(`/runs/${world.runId}-form`);
      await act(page, 'Run again', 'console test: second thoughts');
      const id = await toTheNewRun(page);
      await page.getByRole('heading', { name: 'Waiting for approval' }).waitFor({ timeout: 60_000 });
      await press(page, 'Approve', 'console test: yes');
      const { version } = await resultOf(id);
      expect(await servedVersion(world)).toBe(version);
      await stateOf(page, 'completed').waitFor({ timeout: 30_000 });
      world.formVersion = version;
      await page.close();
    }, 120_000);
  });

  test('the prediction service serves what the console promotes and rolls back', async () => {
    const before = await servedVersion(world);
    const model = world.settings.modelName;
    const target = before === world.formVersion ? world.result.training.version : world.formVersion;
    const page = await visit(`/models/${model}/versions/${target}`);
    // The dialog compares the version with the champion.
    await page.getByRole('button', { name: `Promote v${target}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('columnheader', { name: `v${before} (champion)` }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await act(page, `Promote v${target}`, 'console test: forth')).toContain('has started');
    await expect.poll(() => servedVersion(world), ROLLOUT).toBe(target);
    // The page follows the promotion at once, and not with its next request.
    const facts = page.getByRole('region', { name: 'Version', exact: true });
    await expect.poll(() => facts.innerText(), { timeout: 8_000 }).toMatch(/aliases\s+(\w+, )*champion/);

    await page.goto(`${world.console}/models/${model}`);
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByLabel('Version to restore').fill(before);
    expect(await outcomeOf(page, world.token, 'Roll back', 'console test: back')).toContain('has started');
    await expect.poll(() => servedVersion(world), ROLLOUT).toBe(before);

    await page.goto(`${world.console}/schedules`);
    const audit = page.getByRole('region', { name: 'Audit, newest first' });
    await audit.getByText('console-test').first().waitFor();
    await page.close();
  }, 180_000);

  test('a training shows its epochs as they finish, and stops when it is cancelled', async () => {
    const id = `${world.runId}-cancelled`;
    // Enough epochs to outlast the test.
    const handle = await world.client.workflow.start('training', {
      workflowId: id,
      taskQueue: TASK_QUEUE,
      args: [
        {
          train: { from: '2024-01', to: '2024-12' },
          test: { from: '2025-01', to: '2025-03' },
          dataset: world.result.data.dataset,
          hyperParameters: { networks: 1, epochs: 500, hidden: 16 },
          cache: false,
        },
      ],
    });
    const page = await visit(`/runs/${id}`);
    await page
      .getByText(/epoch \d+ of 500/)
      .first()
      .waitFor({ timeout: 60_000 });
    await press(page, 'Cancel', 'console test: enough');
    await stateOf(page, 'cancelled').waitFor({ timeout: 60_000 });
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    await page.close();
  }, 180_000);

  test('a step shows its log', async () => {
    const page = await visit(`/runs/${world.runId}-ingest`);
    await page.getByRole('button', { name: 'composeDataset' }).first().click();
    await page.getByText(/composeDataset, attempt 1, on worker \d+/).waitFor();
    await page.close();
  });

  describe('a schedule', () => {
    const id = () => `${world.runId}-schedule`;
    const started = () => `${world.runId}-scheduled`;

    beforeAll(async () => {
      const months = { system: 'nyc', from: '2024-03', to: '2024-03' };
      await world.client.schedule.create({
        scheduleId: id(),
        // At noon of a past day, so that it never starts by itself.
        spec: { calendars: [{ year: 2024, month: 'FEBRUARY', dayOfMonth: [28, 29], hour: 12 }] },
        action: {
          type: 'startWorkflow',
          workflowType: 'ingest',
          workflowId: started(),
          taskQueue: TASK_QUEUE,
          args: [{ ...months, source: { trips: world.sample } }],
        },
      });
    });

    afterAll(() => world.client.schedule.getHandle(id()).delete());

    const idsStarted = async () => {
      const found: string[] = [];
      const query = `WorkflowId STARTS_WITH '${started()}'`;
      for await (const { workflowId } of world.client.workflow.list({ query })) found.push(workflowId);
      return found.sort();
    };

    test('is paused, resumed, triggered and backfilled', async () => {
      const page = await visit('/schedules');
      const panel = page.getByRole('region', { name: id(), exact: true });
      const handle = world.client.schedule.getHandle(id());
      const answer = async (label: string) => {
        await panel.getByRole('button', { name: label, exact: true }).click();
        return outcomeOf(page, world.token, label);
      };
      expect(await answer('Pause')).toBe('Paused.');
      await panel.getByText('paused', { exact: true }).waitFor();
      expect((await handle.describe()).state.paused).toBe(true);
      expect(await answer('Resume')).toBe('Resumed.');
      await panel.getByText('active', { exact: true }).waitFor();
      expect((await handle.describe()).state.paused).toBe(false);

      await answer('Trigger');
      await expect.poll(async () => (await idsStarted()).length, { timeout: 30_000 }).toBe(1);

      await panel.getByRole('button', { name: 'Backfill' }).click();
      await page.getByLabel('From', { exact: true }).fill('2024-02-28');
      await page.getByLabel('To (inclusive)').fill('2024-02-29');
      expect(await outcomeOf(page, world.token, 'Backfill')).toContain('Backfill started');
      const backfilled = ['2024-02-28', '2024-02-29'].map((day) => `${started()}-${day}T12:00:00Z`);
      await expect.poll(idsStarted, { timeout: 60_000 }).toEqual(expect.arrayContaining(backfilled));
      // Schedules start runs without telling the console, which asks for them every 30 seconds.
      await panel.getByRole('link', { name: backfilled[1]! }).waitFor({ timeout: 60_000 });
      await page.close();
    }, 180_000);
  });
}
