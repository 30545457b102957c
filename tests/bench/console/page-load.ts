/**
 * Measures the time from the start of the navigation until a page shows its content and reacts, by the browser's
 * own clock.
 */
import type { Browser } from 'playwright-core';

export interface PageUnderTest {
  readonly name: string;
  readonly url: string;
  /** JavaScript expression that is true when the content is present. */
  readonly shown: string;
}

const TIMEOUT_MS = 30_000;

/**
 * Runs in the page before the page's own scripts. The measurement ends after the change that completed the
 * content, when the next frame is drawn and a queued event is handled.
 */
function watch(shown: string): string {
  return `new MutationObserver((_, observer) => {
    if (document.querySelector('.loading') || !(${shown})) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.reactsAfter = performance.now(); }));
  }).observe(document, { subtree: true, childList: true, characterData: true });`;
}

/** @returns milliseconds, measured in a new browser context without caches. */
export async function pageLoad(browser: Browser, { name, url, shown }: PageUnderTest): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch(shown));
    await page.goto(url);
    for (const end = Date.now() + TIMEOUT_MS; Date.now() < end;) {
      const ms = await page.evaluate<number | undefined>('window.reactsAfter');
      if (ms !== undefined) return ms;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${name}: its content is not there after ${TIMEOUT_MS} ms`);
  } finally {
    await context.close();
  }
}
