/** Tests the page of drift and the report that a check stores. */
import { expect, test } from 'vitest';
import { WIDE, open } from './visit.ts';
import type { World } from './world.ts';

export function driftTests(world: World): void {
  test('drift: a sentence concludes the week, scores are named, and bins have round edges', async () => {
    const context = await world.browser.newContext({ viewport: WIDE });
    const page = await open(context, `${world.console}/drift`);
    await page.locator('.heat-cell', { hasText: 'TMAX, 2025-W02' }).click();
    await page.waitForURL('**/drift?*week=2025-W02*');
    await page.getByText(/^\d+ of 14 columns drifted in week 2025-W02: .*TMAX.*; .*retraining/).waitFor();

    const rows = await page.locator('svg[aria-label^="Drift score"] > text.tick').allTextContents();
    expect(rows).toEqual(expect.arrayContaining(['hour', 'weekday', 'month', 'TMAX']));
    expect(rows.filter((row) => /_(sin|cos)$/.test(row))).toEqual([]);

    const panel = page.getByRole('region', { name: 'Distributions', exact: true });
    await panel.getByText('2025-W02 against the reference, 2024-01-01').waitFor();
    await panel.getByText(/^Wasserstein distance [\d.]+, drift from 0.1$/).waitFor();
    expect(await panel.locator('.legend').last().innerText()).toMatch(/Wasserstein distance[^]*threshold/);
    await panel.getByText('Show values').first().click();
    const table = panel.getByRole('region', { name: /^Values of TMAX, °F/ });
    const edges = await table.locator('td:nth-child(1)').allInnerTexts();
    expect(edges.filter((edge) => !/^−?\d+ to −?\d+$/.test(edge))).toEqual([]);
    // A week has at most seven different daily maxima.
    const shares = (await table.locator('td:nth-child(3)').allInnerTexts()).map(parseFloat);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
    expect(shares.filter((share) => share > 0).length).toBeLessThanOrEqual(7);

    const report = await reportOf(world);
    expect(report).toMatch(/<p>(No column|\d+) of 14[^<]* drifted in week 2025-W\d\d/);
    expect(report).toContain('<h2>Distributions</h2>');
    expect(report).toContain('class="key threshold">threshold 0.1</span>');
    expect(report).not.toContain('hr_sin');
    await context.close();
  });
}

/** Returns the HTML report of the newest check. */
async function reportOf({ console: address }: World): Promise<string> {
  const answer = await fetch(`${address}/api/drift`);
  const { data } = (await answer.json()) as { data: { decisions: { htmlUri: string }[] } };
  const uri = encodeURIComponent(data.decisions[0]!.htmlUri);
  return (await fetch(`${address}/api/artifacts/content?uri=${uri}`)).text();
}
