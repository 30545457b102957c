/** Tests the page of stations. */
import { expect, test } from 'vitest';
import type { StationsBody } from '../../../console/api/schemas/stations.ts';
import { WIDE, open } from './visit.ts';
import type { World } from './world.ts';

const SYSTEM = 'nyc-synthetic';
const MONTH = '2024-06';

export function stationTests(world: World): void {
  test('stations: map, greatest losses and table show one hour, and the address has the whole view', async () => {
    const answerOf = async (hour: string) => {
      const query = `system=${SYSTEM}&month=${MONTH}&hour=${hour}&weekdays=mon-fri`;
      const response = await fetch(`${world.console}/api/stations?${query}`);
      return ((await response.json()) as { data: StationsBody }).data.figures!;
    };
    const [morning, evening] = await Promise.all([answerOf('8'), answerOf('18')]);
    const context = await world.browser.newContext({ viewport: WIDE });
    const page = await open(context, `${world.console}/stations?system=${SYSTEM}&month=${MONTH}`);
    await page.getByText(`${MONTH}, 08:00 to 08:59, Monday to Friday`).waitFor();
    const losing = page.getByRole('region', { name: 'Stations that lose most' }).locator('tbody tr');
    const rowOf = ({ name, id, departures, arrivals, net }: (typeof morning.stations)[number]): unknown =>
      expect.stringMatching(
        new RegExp(
          `^${name} \\(${id}\\)\\s+\\+?${String(net).replace('-', '−')}\\s+[\\d.−]+\\s+${departures}\\s+${arrivals}$`,
        ),
      );
    const losses = (figures: typeof morning) => figures.stations.filter(({ net }) => net < 0).slice(0, 10);
    expect(await losing.allInnerTexts()).toEqual(losses(morning).map(rowOf));

    await page.getByLabel('Hour', { exact: true }).selectOption({ label: '18:00' });
    await page.waitForURL('**/stations?*hour=18*');
    await page.getByText(`${MONTH}, 18:00 to 18:59, Monday to Friday`).waitFor();
    expect(await losing.allInnerTexts()).toEqual(losses(evening).map(rowOf));

    const all = page.getByRole('region', { name: 'Stations', exact: true });
    // Ten rows at first; the order is that of all stations.
    expect(await all.locator('tbody tr').count()).toBe(Math.min(10, evening.stations.length));
    for (let click = 0; click < 2; click += 1) await all.getByRole('button', { name: /^Departures/ }).click();
    const [busiest] = evening.stations.toSorted((a, b) => b.departures - a.departures);
    const first = all.locator('tbody tr').first();
    expect(await first.locator('td').nth(3).innerText()).toBe(String(busiest!.departures));

    await first.getByRole('button').click();
    await page.waitForURL('**/stations?*station=*');
    const id = new URL(page.url()).searchParams.get('station')!;
    const chosen = evening.stations.find((station) => station.id === id)!;
    await page.getByRole('region', { name: `${chosen.name} (${id})` }).waitFor();
    const circle = page.locator(`.flow-map [data-station="${id}"]`);
    expect(await circle.locator('title').textContent()).toBe(
      `${chosen.name} (${id}): ${chosen.departures} departures, ${chosen.arrivals} arrivals, net ${chosen.net > 0 ? '+' : ''}${String(chosen.net).replace('-', '−')}`,
    );
    const ring = page.locator('.flow-chosen');
    expect(await ring.getAttribute('cx')).toBe(await circle.getAttribute('cx'));

    // Whoever opens the shared address sees the same view.
    const shared = await open(context, page.url());
    await shared.getByText(`${MONTH}, 18:00 to 18:59, Monday to Friday`).waitFor();
    await shared.getByRole('region', { name: `${chosen.name} (${id})` }).waitFor();
    await context.close();
  });
}
