import { describe, expect, it } from 'vitest';
import { exploreHours } from '../../../core/report/explore/explore-data.ts';
import { explorePage, type ExplorePage } from '../../../core/report/explore/explore-page.ts';
import { goodHours, processedHours } from '../quality/hand-made-month.ts';

const EVIL = '<script>alert("x")</script>&';
const day = (date: string) => ({ date, TMAX: 70, TMIN: 50, SNOW: 0, PRCP: 0.3, SNWD: 0, AWND: 4 });
const page: ExplorePage = {
  system: EVIL,
  synthetic: true,
  source: EVIL,
  hours: exploreHours(goodHours(), [day('2024-04-01'), day('2024-04-02')]),
  flows: {
    trips: 10,
    stations: 2,
    roundTrips: 1,
    unknown: 0,
    busiestStations: [{ station: EVIL, starts: 6, ends: 4 }],
    busiestRoutes: [{ from: EVIL, to: 'B', trips: 5 }],
  },
  missingMonths: ['2024-05'],
};

describe('the exploratory page', () => {
  it('escapes every name and text', () => {
    const html = explorePage(page);
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;');
    expect(html.toLowerCase()).not.toContain('<script');
  });

  it('needs no other file', () => {
    const html = explorePage(page);
    expect(html).not.toMatch(/(\bsrc=|\bhref=|@import|url\()/);
    expect(html).toContain("default-src 'none'");
  });

  it('has a picture of every summary', () => {
    const html = explorePage(page);
    for (const title of [
      'Trips per day, by month',
      'Mean trips by hour of day',
      'Mean trips per day, by weekday',
      'Mean trips by weekday and hour',
      'Share of members and of electric bikes, by month',
      'Mean duration by month',
      'Trips per day by highest temperature',
      'Mean trips per day by rain',
      'Busiest of 2 stations',
      'Busiest routes',
    ])
      expect(html).toContain(`<figcaption>${title}`);
  });

  it('says that data are synthetic, and names the missing months', () => {
    const html = explorePage(page);
    expect(html).toContain('(synthetic data)</h1>');
    expect(html).toContain('<th>Missing months</th><td>2024-05</td>');
  });

  it('gives the reason of an empty section', () => {
    const hours = processedHours();
    const html = explorePage({ ...page, hours: exploreHours(hours, []), flows: null });
    expect(html).toContain('Nothing to show: the source contains only trips. Give a source with archives.');
    expect(html).toContain('Nothing to show: there is no weather for these days. Give a source of weather.');
    expect(html).toContain('The source has no flows between stations. Give a source with archives.');
  });

  it('is the same for the same data', () => {
    expect(explorePage(page)).toBe(explorePage(page));
  });
});
