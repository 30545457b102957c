import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { workflowFile } from '../../../adapters/temporal/workflows-entry.ts';
import { parseNewInput } from '../../../contracts/new-input.ts';
import { STARTABLE_WORKFLOWS, WORKFLOWS } from '../../../contracts/workflows/index.ts';

const PROJECT = path.join(import.meta.dirname, '..', '..', '..');

test('each contract is named after its file, and its workflow has a file of the same name', () => {
  const files = readdirSync(path.join(PROJECT, 'contracts', 'workflows'));
  const named = WORKFLOWS.map(({ name }) => path.basename(workflowFile(name)));
  expect([...named, 'index.ts'].sort()).toEqual(files.sort());
  for (const { name } of WORKFLOWS) expect(existsSync(workflowFile(name)), name).toBe(true);
});

test('runs of the workflows that may wait for days move to newer builds', () => {
  const upgrading = WORKFLOWS.filter(({ versioning }) => versioning === 'upgrades-if-it-waits');
  expect(upgrading.map(({ name }) => name).sort()).toEqual(['lifecycle', 'monitoring', 'training']);
});

test.each(WORKFLOWS)('the code of $name agrees with its choice', ({ name, versioning }) => {
  const calls = readFileSync(workflowFile(name), 'utf8').includes('await upgradeIf(');
  expect(calls).toBe(versioning === 'upgrades-if-it-waits');
});

describe.each([...STARTABLE_WORKFLOWS.values()])('$name', ({ name, title, description, start }) => {
  test('has an example that its input accepts', () => {
    expect(parseNewInput(name, start.example)).toMatchObject(start.example);
  });

  test('has a title and a description', () => {
    expect(title).toMatch(/^[A-Z]/);
    expect(description).toMatch(/^[A-Z].*\.$/);
  });
});

test('an unknown workflow is rejected with a list of the known ones', () => {
  expect(() => parseNewInput('trainin', {})).toThrow(/^workflow: got "trainin", expected one of lifecycle, /);
});
