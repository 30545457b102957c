import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { INFERENCE_NODE_FLAGS } from '../../../contracts/inference-flags.ts';
import { PROJECT_DIR } from '../../../settings.ts';

const SERVER = 'inference/server.ts';

it('equal those of npm run inference', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(PROJECT_DIR, 'package.json'), 'utf8')) as {
    scripts: { inference: string };
  };
  expect(scripts.inference.split(' ')).toEqual(['node', ...INFERENCE_NODE_FLAGS, SERVER]);
});

it('equal those of the image', () => {
  const commands = readFileSync(path.join(PROJECT_DIR, 'deploy', 'Dockerfile'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('CMD '))
    .map((line) => JSON.parse(line.slice('CMD '.length)) as string[]);
  expect(commands).toContainEqual(['node', ...INFERENCE_NODE_FLAGS, SERVER]);
});
