/** Tests the schedule editor, the menu on a phone, and what all tables can do. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { WIDE, confirm, loaded, open } from './visit.ts';
import type { World } from './world.ts';

export function scheduleTests(world: World): void {
  test('a schedule is created, changed and deleted in the editor', async () => {
    const id = `${world.runId}-edited`;
    const handle = world.client.schedule.getHandle(id);
    const context = await world.browser.newContext({ viewport: WIDE });
    const page = await open(context, `${world.console}/schedules`);
    await page.getByRole('link', { name: 'New schedule' }).click();
    await loaded(page);
    await page.getByRole('textbox', { name: /^Id/ }).fill(id);
    await page.getByLabel('Workflow', { exact: true }).selectOption('forecast');
    await page.getByLabel('Time of day').fill('05:45');
    const zone = page.getByLabel('Time zone', { exact: true });
    await expect.poll(() => zone.inputValue()).toBe('America/New_York');
    await page.getByLabel('system', { exact: true }).selectOption('chicago');
    expect(await zone.inputValue()).toBe('America/Chicago');
    await page.getByLabel('Mon', { exact: true }).check();
    await page.getByLabel('Paused').check();
    await page.getByRole('button', { name: 'Create' }).click();
    await confirm(page, world.token, 'Create');
    await page.waitForURL('**/schedules');
    const panel = page.getByRole('region', { name: id, exact: true });
    await panel.getByText(/MONDAY at 05:45, America\/Chicago/).waitFor();
    const created = await handle.describe();
    expect(created.state.paused).toBe(true);
    expect(created.action).toMatchObject({ workflowType: 'forecast' });

    await panel.getByRole('link', { name: 'Change' }).click();
    await loaded(page);
    expect(await page.getByLabel('Time of day').inputValue()).toBe('05:45');
    await page.getByLabel('Starts runs').selectOption('every');
    await page.getByLabel('Interval').fill('6');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await confirm(page, world.token, 'Save changes');
    await page.waitForURL('**/schedules');
    await panel.getByText('every 6 h', { exact: true }).waitFor();

    await panel.getByRole('button', { name: 'Delete' }).click();
    await confirm(page, world.token, 'Delete');
    // The dialog disappears with the schedule, so the page says that it is deleted.
    await panel.waitFor({ state: 'detached' });
    await page.getByRole('status').getByText(`Deleted ${id}.`).waitFor();
    await expect(handle.describe()).rejects.toThrow();
    const audit = page.getByRole('region', { name: 'Audit, newest first' });
    for (const method of ['POST', 'PUT', 'DELETE'])
      await audit.getByRole('row', { name: new RegExp(`${method} /api/schedules/:id ${id}`) }).waitFor();

    // The page marks a schedule of inputs/schedules.yaml, and the editor warns about it.
    await page
      .getByRole('region', { name: 'monthly-drift', exact: true })
      .getByText('managed by schedules.yaml')
      .waitFor();
    await page.goto(`${world.console}/edit-schedule?id=monthly-drift`);
    await page.getByText('overwrite a change').waitFor();
    await context.close();
  }, 60_000);

  describe('on a phone', () => {
    test('the menu reaches every page and the state of the servers', async () => {
      const context = await world.browser.newContext({ viewport: { width: 390, height: 844 } });
      const page = await open(context, `${world.console}/runs`);
      const servers = page.getByRole('list', { name: 'Servers' });
      expect(await servers.isVisible()).toBe(false);
      const menu = page.getByRole('button', { name: 'Menu' });
      await menu.click();
      expect(await servers.getByText('Temporal').isVisible()).toBe(true);
      const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
      const names = await links.allInnerTexts();
      expect(names).toEqual(expect.arrayContaining(['Overview', 'Artifacts', 'Drift', 'Schedules']));
      for (const name of names) expect(await links.getByText(name, { exact: true }).isVisible()).toBe(true);
      await links.getByText('Schedules', { exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Schedules' }).waitFor();
      expect(await menu.getAttribute('aria-expanded')).toBe('false');
      await context.close();
    });
  });

  test('a table sorts, filters and saves its rows as CSV', async () => {
    const context = await world.browser.newContext({ viewport: WIDE, acceptDownloads: true });
    const page = await open(context, `${world.console}/runs`);
    const table = page.getByRole('region', { name: 'Runs, newest first' });
    const types = () => table.locator('tbody td:nth-child(3)').allInnerTexts();
    await table.getByRole('button', { name: 'Type' }).click();
    expect(await types()).toEqual((await types()).toSorted());
    await table.getByRole('button', { name: 'Type' }).click();
    expect(await types()).toEqual((await types()).toSorted().reverse());
    expect(await table.getByRole('columnheader', { name: 'Type' }).getAttribute('aria-sort')).toBe(
      'descending',
    );

    await page.getByLabel('Filter: Runs, newest first').fill(`${world.runId} ingest`);
    await page.getByText(/^\d+ of (the )?\d+ (loaded )?rows$/).waitFor();
    expect(new Set(await types())).toEqual(new Set(['ingest']));
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as CSV: Runs, newest first' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('runs-newest-first.csv');
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^State,Run,Type,/);
    expect(lines).toHaveLength((await types()).length + 1);
    await context.close();
  });
}
