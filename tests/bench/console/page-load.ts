/** How long a page takes from the start of the navigation until it shows its content and reacts, by the browser's own clock. */
import type { Browser } from 'playwright-core';

export interface PageUnderTest {
  readonly name: string;
  readonly url: string;
  /** JavaScript that is true once the content is there. */
  readonly shown: string;
}

const TIMEOUT_MS = 30_000;

/**
 * Runs in the page before anything of its own. After the change that completed the content: the next picture was drawn, and what is put
 * into the queue of events is answered.
 */
function watch(shown: string): string {
  return `new MutationObserver((_, observer) => {
    if (document.querySelector('.loading') || !(${shown})) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.reactsAfter = performance.now(); }));
  }).observe(document, { subtree: true, childList: true, characterData: true });`;
}

/** @returns milliseconds; in a browser context of its own, so that nothing is cached. */
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
