/** Takes pictures of the console's pages in light and dark. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { indexedPng } from './indexed-png.ts';

export interface ConsolePage {
  readonly name: string;
  readonly address: string;
}

const VIEW = { width: 1280, height: 824 };
/** Pixels per point, so that text stays sharp on the screens of today. */
const SCALE = 1.5;
const PATIENCE_MS = 30_000;
const SETTLE_MS = 2_000;
const SCHEMES = ['light', 'dark'] as const;

/** Returns the pictures by file name. */
export async function consolePictures(
  browser: Browser,
  console: string,
  pages: readonly ConsolePage[],
): Promise<Map<string, Buffer>> {
  const pictures = new Map<string, Buffer>();
  for (const colorScheme of SCHEMES) {
    const context = await browser.newContext({ viewport: VIEW, deviceScaleFactor: SCALE, colorScheme });
    const page = await context.newPage();
    for (const { name, address } of pages) {
      // Slow queries fill their caches at the first visit.
      for (let visit = 0; visit < 2; visit += 1) {
        await page.goto(console + address);
        await loaded(page);
      }
      const { width, height, pixels } = await pixelsOf(context, await page.screenshot());
      pictures.set(`${name}-${colorScheme}.png`, indexedPng(pixels, width, height));
    }
    await context.close();
  }
  return pictures;
}

/** Waits until no panel loads. Charts are drawn once they know their width. */
async function loaded(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  const loading = page.locator('.loading');
  for (const end = Date.now() + PATIENCE_MS; (await loading.count()) > 0 && Date.now() < end;)
    await page.waitForTimeout(SETTLE_MS);
  await page.waitForTimeout(SETTLE_MS);
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Lets the browser decode a picture to RGBA. */
async function pixelsOf(context: BrowserContext, png: Buffer): Promise<Pixels> {
  const page = await context.newPage();
  const { width, height, rgba } = await page.evaluate<{ width: number; height: number; rgba: string }>(
    `(async () => {
      const bytes = Uint8Array.from(atob('${png.toString('base64')}'), (c) => c.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
      canvas.drawImage(image, 0, 0);
      const { data } = canvas.getImageData(0, 0, image.width, image.height);
      let rgba = '';
      for (let i = 0; i < data.length; i += 32768) rgba += String.fromCharCode(...data.subarray(i, i + 32768));
      return { width: image.width, height: image.height, rgba: btoa(rgba) };
    })()`,
  );
  await page.close();
  return { width, height, pixels: Buffer.from(rgba, 'base64') };
}
