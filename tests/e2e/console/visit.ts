/** Provides steps on a page for the console's tests. */
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Pages ask again every 30 seconds, in case they miss a change. */
const PATIENCE_MS = 45_000;

export const WIDE = { width: 1360, height: 900 };

/** Collects errors of the browser's console, failed requests, and requests to other hosts. */
export function complaintsOf(page: Page, console: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(console)) complaints.push(`asked ${request.url()}`);
  });
  return complaints;
}

/** @param address full address, with the console's host. */
export async function open(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(address);
  await loaded(page);
  return page;
}

/** Navigates without a reload, as the console's links do. */
export async function walk(page: Page, address: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(address)})`);
  await loaded(page);
}

export async function loaded(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  await expect.poll(() => page.locator('.loading').count(), { timeout: 15_000 }).toBe(0);
}

/** Confirms the open dialog. */
export async function confirm(page: Page, token: string, label: string, reason?: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  if (reason !== undefined) await dialog.getByLabel('Reason').fill(reason);
  const tokenField = dialog.getByLabel('Token');
  if (await tokenField.isVisible()) await tokenField.fill(token);
  await dialog.getByRole('button', { name: label, exact: true }).click();
}

/** Confirms the dialog and returns the outcome that it shows. */
export async function outcomeOf(page: Page, token: string, label: string, reason?: string): Promise<string> {
  await confirm(page, token, label, reason);
  const dialog = page.getByRole('dialog');
  const said = await dialog.getByRole('status').innerText();
  await dialog.getByRole('button', { name: 'Close' }).click();
  return said;
}
