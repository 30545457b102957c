/**
 * Finds a browser for the console's tests: one on this machine, or one that Playwright can fetch. Otherwise
 * it prints the reason.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { PROJECT_DIR } from '../../settings.ts';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const INSTALL_MS = 180_000;

/** Returns the path of a Chromium or Chrome on this machine; the variable CHROMIUM names another. */
function installedBrowser(): string | undefined {
  const named = process.env['CHROMIUM'];
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = [
    ...(named ? [named] : []),
    ...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))),
    ...ELSEWHERE,
    chromium.executablePath(),
  ];
  return candidates.find((file) => file !== '' && existsSync(file));
}

/** @returns undefined, after a message, if there is no browser and none can be fetched. */
export function findBrowser(): string | undefined {
  const found = installedBrowser();
  if (found) return found;
  try {
    const cli = path.join(PROJECT_DIR, 'node_modules', 'playwright-core', 'cli.js');
    execFileSync(process.execPath, [cli, 'install', 'chromium'], { timeout: INSTALL_MS, stdio: 'pipe' });
  } catch {
    // The message below reports this failure, and also an install that left no browser.
  }
  const installed = installedBrowser();
  if (!installed) {
    process.stdout.write(
      'console tests are skipped: no Chromium or Chrome on PATH and none could be fetched; install one (Debian: apt-get install chromium) or name it in CHROMIUM\n',
    );
  }
  return installed;
}

export function launch(executablePath: string): Promise<Browser> {
  // Chromium's own sandbox does not start for root, as in containers.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] });
}
