import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_DIR } from '../../../settings.ts';
import { loadedByPrograms } from './loaded-by-programs.ts';

/** Modules that a server loads from its folders, so that no image may miss one. */
const LOADED_BY_FOLDER: Readonly<Record<string, readonly string[]>> = {
  'inference/server.ts': ['inference/plugins', 'inference/routes'],
  'console/api/server.ts': ['console/api/plugins', 'console/api/routes'],
};

const read = (file: string): string => readFileSync(path.join(PROJECT_DIR, file), 'utf8');
const covers = (folder: string, file: string): boolean => file === folder || file.startsWith(`${folder}/`);

interface Stage {
  readonly from: string;
  /** Sources of the COPY lines that read the build context. */
  readonly copied: string[];
  /** Arguments of `copy-reachable-files.ts` that name files and folders of this project. */
  readonly roots: string[];
  readonly instructions: string[];
}

function stagesOf(dockerfile: string): Map<string, Stage> {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const line of read(dockerfile)
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')) {
    const [, from, name = ''] = /^FROM (\S+)(?: AS (\S+))?/.exec(line) ?? [];
    if (from) stages.set(name, (stage = { from, copied: [], roots: [], instructions: [] }));
    stage?.instructions.push(line);
    const [, sources] = /^COPY (?!--from)(.+) \S+$/.exec(line) ?? [];
    if (sources) stage!.copied.push(...sources.split(' '));
    const [, roots] = /copy-reachable-files\.ts \S+ (.+)$/.exec(line) ?? [];
    if (roots)
      stage!.roots.push(
        ...roots
          .replaceAll(/"[^"]*"|\S*node_modules\S*/g, '')
          .trim()
          .split(/\s+/),
      );
  }
  return stages;
}

const allowedBy = (dockerfile: string): string[] =>
  read(`${dockerfile}.dockerignore`)
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));

const DOCKERFILES = ['deploy/Dockerfile', 'deploy/mlflow.Dockerfile'];

describe.each(DOCKERFILES)('%s', (dockerfile) => {
  const stages = [...stagesOf(dockerfile).entries()];

  it.each(stages.flatMap(([, { copied }]) => copied))(
    'copies %s, which exists and is not ignored',
    (source) => {
      expect(existsSync(path.join(PROJECT_DIR, source))).toBe(true);
      expect(allowedBy(dockerfile).some((entry) => covers(entry, source))).toBe(true);
    },
  );

  it.each(stages)('stage %s has an exact tag', (_name, { from }) => {
    if (stages.some(([name]) => name === from)) return;
    expect(from).toMatch(/^[\w./-]+:\d+\.\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$/);
  });
});

describe.each([
  ['deploy/Dockerfile', 'worker'],
  ['deploy/Dockerfile', 'inference'],
  ['deploy/Dockerfile', 'console'],
  ['deploy/mlflow.Dockerfile', ''],
])('%s %s', (dockerfile, target) => {
  const stages = stagesOf(dockerfile);
  const { from, instructions } = stages.get(target)!;
  const text = [...(stages.get(from)?.instructions ?? []), ...instructions].join('\n');

  it('has a health check, a user without rights, and labels with version and commit', () => {
    expect(text).toMatch(/^HEALTHCHECK /m);
    expect(text).toMatch(/^USER 10001/m);
    expect(text).toContain('org.opencontainers.image.version="$VERSION"');
    expect(text).toMatch(/org\.opencontainers\.image\.revision="\$(COMMIT|\{COMMIT:-unknown\})"/);
  });
});

describe('deploy/Dockerfile', () => {
  const stages = stagesOf('deploy/Dockerfile');
  const stage = (name: string): Stage => stages.get(name)!;
  const [, extended] = /"extends": "\.\.\/\.\.\/([^"]+)"/.exec(read('console/web/tsconfig.json'))!;
  const scripts = stage('worker-files').instructions.flatMap(
    (line) => /node (deploy\/\S+\.ts)/.exec(line)?.[1] ?? [],
  );
  const programs = {
    scripts,
    worker: stage('worker-files').roots,
    inference: stage('inference-files').roots,
    console: stage('console-files').roots,
    pages: ['console/web/vite.config.ts', 'console/web/src'],
  };
  const loaded = Object.fromEntries(
    Object.entries(loadedByPrograms(programs, 'without packages')).map(([name, files]) => [
      name,
      files.map((file) => path.relative(PROJECT_DIR, file)),
    ]),
  );
  const uncopied = (files: readonly string[], ...from: readonly string[]): string[] => {
    const sources = from.flatMap((name) => stage(name).copied);
    return files.filter((file) => !sources.some((source) => covers(source, file)));
  };

  it('copies every file that the scripts of the build load', () => {
    expect(scripts).toHaveLength(2);
    expect(uncopied(loaded['scripts']!, 'packages', 'sources')).toEqual([]);
  });

  it.each(['worker', 'inference', 'console'])('copies every file that the programs of %s load', (target) => {
    const { roots } = stage(`${target}-files`);
    const programs = stage(target)
      .instructions.filter((line) => /^\s*(HEALTHCHECK|CMD)/.test(line))
      .flatMap((line) => /"([^"]+\.ts)"/.exec(line)?.[1] ?? []);
    expect(programs.length).toBeGreaterThan(0);
    expect(roots).toEqual(expect.arrayContaining(['package.json', ...programs]));
    expect(roots).toEqual(expect.arrayContaining(programs.flatMap((file) => LOADED_BY_FOLDER[file] ?? [])));
    expect(uncopied(loaded[target]!, 'packages', 'sources')).toEqual([]);
  });

  it('leaves workflows, training, DuckDB and the command line out of the servers', () => {
    const others = /^(workflows|activities|stack|client)\/|duckdb/;
    expect(loaded['inference']!.filter((file) => others.test(file) || /temporal/.test(file))).toEqual([]);
    expect(loaded['console']!.filter((file) => others.test(file))).toEqual([]);
  });

  it('finds files that code names in parts, and folders that it reads', () => {
    expect(loaded['worker']).toEqual(
      expect.arrayContaining([
        'activities/train/trainer.ts',
        'adapters/rides/scan-worker.ts',
        'contracts/workflows/lifecycle.ts',
        'inputs/drift.yaml',
        ...readdirSync(path.join(PROJECT_DIR, 'migrations')).map((file) => `migrations/${file}`),
      ]),
    );
  });

  it('copies every file that the build of the pages reads', () => {
    expect(uncopied([extended!, ...loaded['pages']!], 'pages')).toEqual([]);
  });
});
