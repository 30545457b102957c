/** Builds the images and compares them with what docs/images.md promises. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT_DIR } from '../../settings.ts';
import { docker, inspect } from './engine.ts';
import { PROJECT_NAME } from './remove-projects.ts';
import { say, useProject } from './use-project.ts';

const { version } = JSON.parse(readFileSync(path.join(PROJECT_DIR, 'package.json'), 'utf8')) as {
  version: string;
};
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const [, BASE] = /^FROM (\S+) AS base$/m.exec(
  readFileSync(path.join(PROJECT_DIR, 'deploy/Dockerfile'), 'utf8'),
)!;
const MB = 1e6;
const LARGEST: [string, number][] = [
  ['inference', 150 * MB],
  ['console', 150 * MB],
  ['worker', 450 * MB],
];

interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly Healthcheck?: { readonly Test: readonly string[] };
}

useProject('images', async () => ({ buildArguments: { VERSION: version, COMMIT } }));

/** Returns the sizes of an image's layers, the newest first. */
async function layersOf(image: string): Promise<number[]> {
  const sizes = await docker('history', '--human=false', '--format', '{{.Size}}', image);
  return sizes.split('\n').map(Number);
}

describe.each(LARGEST)('image %s', (target, largest) => {
  const image = `${PROJECT_NAME}-${target}:${version}`;

  test('has no more above its base than the target', async () => {
    const layers = await layersOf(image);
    const base = await layersOf(BASE!);
    const bytes = layers.slice(0, layers.length - base.length).reduce((sum, size) => sum + size, 0);
    say(`${target}: ${(bytes / MB).toFixed(0)} MB above ${BASE}, target ${largest / MB} MB`);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(largest);
  });

  test('runs without root, checks its health, and names version and commit', async () => {
    const { User, Labels, Healthcheck, Env } = await inspect<ImageConfig>('.Config', image);
    expect(User).toBe('10001:10001');
    expect(Labels).toMatchObject({
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.revision': COMMIT,
    });
    expect(Healthcheck?.Test[0]).toBe('CMD');
    if (target === 'worker') expect(Env).toContain(`WORKER_BUILD_ID=${COMMIT}`);
  });
});
