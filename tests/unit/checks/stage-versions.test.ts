import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_DIR } from '../../../settings.ts';
import { stages, type Stage } from './stage-sources.ts';

const RECORDED = path.join(PROJECT_DIR, 'tests', 'fixtures', 'stage-versions.snap');

const EXPLANATION = `# The code of each cached stage: activity, version, fingerprint of all code that it reaches.
# A line that changed means that the stage may compute something else than the artifacts in the step cache.
# 1. If its artifacts change, raise the version in the activity, so that cached artifacts are not reused. Names of features are part of
#    the keys, so that an added, renamed or removed feature needs no new version. A changed formula does.
# 2. Run 'npx vitest run --project unit tests/unit/checks/stage-versions.test.ts -u' and commit this file.
`;

const lineOf = ({ file, version, fingerprint }: Stage) => `${file} ${version} ${fingerprint}\n`;

test('a stage with changed code has a new version, or a confirmation that its artifacts stay the same', async () => {
  const recorded = await readFile(RECORDED, 'utf8');
  const found = stages().map((stage) => ({ ...stage, line: lineOf(stage) }));
  const advice = found
    .filter(({ file, version, line }) => recorded.includes(`${file} ${version} `) && !recorded.includes(line))
    .map(({ file, constant }) => `${file}: code changed; raise ${constant} if its artifacts change`);
  const text = `${EXPLANATION}${found.map(({ line }) => line).join('')}`;
  await expect(text, advice.join('\n')).toMatchFileSnapshot(RECORDED);
});
