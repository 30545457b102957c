import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_DIR } from '../../../settings.ts';

/** Programs that the images start, and the pages that the image of the console builds. */
const ENTRY_POINTS = [
  'worker.ts',
  'inference/server.ts',
  'console/api/server.ts',
  'client/cli.ts',
  'deploy/worker-health.ts',
  'deploy/build-workflow-bundle.ts',
];

const read = (file: string): string => readFileSync(path.join(PROJECT_DIR, file), 'utf8');

/** Lists the sources of the COPY lines that read the build context, by stage. */
function copiedByStage(dockerfile: string): Map<string, string[]> {
  const copied = new Map<string, string[]>();
  let stage = '';
  for (const line of read(dockerfile).split('\n')) {
    const [, name = ''] = /^FROM \S+ AS (\S+)/.exec(line) ?? [];
    if (line.startsWith('FROM ')) copied.set((stage = name), []);
    const [, sources] = /^COPY (?!--from)(.+) \S+$/.exec(line) ?? [];
    if (sources) copied.get(stage)!.push(...sources.split(' '));
  }
  return copied;
}

const covers = (folder: string, file: string): boolean => file === folder || file.startsWith(`${folder}/`);

/** Lists the project files that a module loads, including itself. */
function loadedBy(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const imports = /(?:^import (?!type)|^export [^;]*from |import\()[^;'"]*['"](\.{1,2}\/[^'"]+)['"]/gm;
  for (const [, relative] of read(entry).matchAll(imports)) {
    const file = path.posix.join(path.posix.dirname(entry), relative!);
    if (file.endsWith('.ts')) loadedBy(file, seen);
  }
  return seen;
}

describe.each(['deploy/Dockerfile', 'deploy/mlflow.Dockerfile'])('%s', (dockerfile) => {
  const copied = [...copiedByStage(dockerfile).values()].flat();
  const allowed = read(`${dockerfile}.dockerignore`)
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));

  it.each(copied)('copies %s, which exists and is not ignored', (source) => {
    expect(existsSync(path.join(PROJECT_DIR, source))).toBe(true);
    expect(allowed.some((entry) => covers(entry, source))).toBe(true);
  });
});

describe('deploy/Dockerfile', () => {
  const stages = copiedByStage('deploy/Dockerfile');

  it.each(ENTRY_POINTS)('copies every file that %s loads', (entry) => {
    const missing = [...loadedBy(entry)].filter(
      (file) => !stages.get('base')!.some((source) => covers(source, file)),
    );
    expect(missing).toEqual([]);
  });

  it('copies every file that the build of the pages reads', () => {
    const [, extended] = /"extends": "\.\.\/\.\.\/([^"]+)"/.exec(read('console/web/tsconfig.json'))!;
    const needed = [extended!, ...loadedBy('console/web/vite.config.ts')];
    const missing = needed.filter((file) => !stages.get('pages')!.some((source) => covers(source, file)));
    expect(missing).toEqual([]);
  });
});
