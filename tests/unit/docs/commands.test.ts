import { expect, test } from 'vitest';
import { brokenCommands, brokenCommandsIn, knownIn } from '../../checks/docs/commands.ts';
import { splitCommands } from '../../checks/docs/shell-commands.ts';
import { PROJECT_DIR } from '../../../settings.ts';

test('every command of the documentation exists', async () => {
  expect(await brokenCommands(PROJECT_DIR)).toEqual([]);
});

test('shell text is split into commands and words', () => {
  const text = [
    `A_B=1 make up   # starts`,
    `curl -s 'localhost:3000/v1?a=1&b=2' | jq "\\"x\\" y" && a b\\`,
    `  --c='{"d": 1}'; source <(citibike complete bash)`,
  ].join('\n');
  expect(splitCommands(text)).toEqual([
    ['make', 'up'],
    ['curl', '-s', 'localhost:3000/v1?a=1&b=2'],
    ['jq', '"x" y'],
    ['a', 'b', '--c={"d": 1}'],
    ['source', '<(citibike complete bash)'],
  ]);
});

test('broken commands are named', async () => {
  const page = [
    'Run `citibike nothing --x`, `citibike run NAME --help`, `citibike predict --file` or `make coffee`.',
    '```sh',
    'npx citibike rollback --back 2',
    'npx citibike notify test --event unheard-of   # a comment',
    'npx citibike logs --service NAME',
    'npx citibike backup',
    'npm run nothing && node client/gone.ts',
    `npx citibike run ingest --json '{"system": "nyc", "form": "2024-01"}'`,
    `npx citibike run training --input inputs/nyc.yaml --json '{"seed": 7}'`,
    '```',
  ].join('\n');
  const broken = brokenCommandsIn(await knownIn(PROJECT_DIR), 'page.md', page);
  expect(broken.map((line) => line.split(': ').slice(1, 3).join(': '))).toEqual([
    'npx citibike rollback --back 2: there is no option --back',
    'npx citibike notify test --event unheard-of: there is no option --event',
    'npx citibike backup: file is missing',
    'npm run nothing: there is no script nothing in package.json',
    'node client/gone.ts: client/gone.ts does not exist',
    expect.stringContaining('npx citibike run ingest'),
    'citibike nothing --x: there is no command nothing',
    'make coffee: there is no such target in the Makefile',
  ]);
});
