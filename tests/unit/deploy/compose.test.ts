import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isSecretName } from '../../../contracts/secret-names.ts';
import { PROJECT_DIR } from '../../../settings.ts';

interface ComposeService {
  readonly image: string;
  readonly networks?: readonly string[] | Record<string, unknown>;
  readonly volumes?: readonly unknown[];
  readonly secrets?: readonly string[];
  readonly environment?: Record<string, string>;
}
interface ComposeFile {
  readonly services: Record<string, ComposeService>;
  readonly networks: Record<string, unknown>;
  readonly secrets: Record<string, { file: string }>;
}

const compose = parse(readFileSync(path.join(PROJECT_DIR, 'docker-compose.yml'), 'utf8'), {
  merge: true,
}) as ComposeFile;
const services = Object.entries(compose.services);
const networksOf = ({ networks = [] }: ComposeService): readonly string[] =>
  Array.isArray(networks) ? (networks as string[]) : Object.keys(networks);
const membersOf = (network: string): string[] =>
  services.filter(([, service]) => networksOf(service).includes(network)).map(([name]) => name);

describe('docker-compose.yml', () => {
  test.each([
    ['s3', ['console', 'mlflow', 'provision', 's3', 'second-worker', 'worker']],
    ['mlflow-db', ['mlflow', 'mlflow-db', 'mlflow-db-roles']],
    ['inference', ['console', 'inference', 'inference-proxy', 'prometheus']],
    ['mlflow', ['console', 'inference', 'mlflow', 'provision', 'second-worker', 'worker']],
  ])('only services that need network %s are in it', (network, members) => {
    expect(membersOf(network).toSorted()).toEqual(members);
  });

  test.each(services)('%s has an exact image, and a file for each of its secrets', (_name, service) => {
    expect(service.image).toMatch(/:.*\d+\.\d+/);
    const mounted = service.secrets ?? [];
    const files = Object.entries(service.environment ?? {}).filter(([name]) => name.endsWith('_FILE'));
    expect(files.map(([, file]) => path.basename(file)).toSorted()).toEqual([...mounted].toSorted());
    expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining([...mounted]));
  });

  test.each(['worker', 'second-worker', 'console', 'provision'])('%s reads systems of the user', (name) => {
    const [, { environment, volumes }] = services.find(([service]) => service === name)!;
    expect(environment).toMatchObject({ SYSTEMS_DIR: '/systems' });
    expect(volumes).toContainEqual(expect.objectContaining({ target: '/systems', read_only: true }));
  });

  test('Prometheus loads the alerts of Kubernetes', () => {
    const read = (file: string): string => readFileSync(path.join(PROJECT_DIR, 'deploy', file), 'utf8');
    const [, expression] = /^sed '(.+?)'/m.exec(read('prometheus/start.sh'))!;
    const rule = read('kubernetes/components/prometheus-operator/rules.yaml');
    const rules = execFileSync('sed', [expression!], { input: rule, encoding: 'utf8' });
    expect(parse(rules)).toEqual((parse(rule) as { spec: object }).spec);
  });

  test('no environment holds a secret', () => {
    const named = services.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(
      named.filter((name) => isSecretName(name) && !/_FILE$|^(ROOT|AWS)_ACCESS_KEY(_ID)?$/.test(name)),
    ).toEqual([]);
  });
});

describe('deploy/compose-env.sh', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'citibike-compose-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (): string =>
    execFileSync('sh', [path.join(PROJECT_DIR, 'deploy/compose-env.sh'), folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const secret = (name: string): string => readFileSync(path.join(folder, '.secrets', name), 'utf8');

  test('every secret of docker-compose.yml is written, random, in a folder for its owner only', () => {
    run();
    expect(readdirSync(path.join(folder, '.secrets')).toSorted()).toEqual(
      Object.keys(compose.secrets).toSorted(),
    );
    expect(statSync(path.join(folder, '.secrets')).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, '.env')).mode & 0o777).toBe(0o600);
    expect(secret('s3-worker')).toMatch(/^[0-9a-f]{48}$/);
    expect(secret('s3-worker')).not.toBe(secret('s3-console'));
  });

  test('a second run changes nothing', () => {
    run();
    const before = secret('postgres-app');
    writeFileSync(path.join(folder, '.env'), 'COMPOSE_PROFILES=cluster\n');
    expect(run()).toContain('0 secrets written');
    expect(secret('postgres-app')).toBe(before);
    expect(readFileSync(path.join(folder, '.env'), 'utf8')).toBe('COMPOSE_PROFILES=cluster\n');
  });

  test('passwords of an earlier .env are kept, and the missing profile is named', () => {
    mkdirSync(path.join(folder, '.secrets'));
    writeFileSync(path.join(folder, '.env'), 'CITIBIKE_APP_PASSWORD=earlier\nS3_SECRET_KEY=keep\n');
    expect(run).toThrow(/has no COMPOSE_PROFILES/);
    expect(secret('postgres-app')).toBe('earlier');
    expect(secret('s3-admin')).toBe('keep');
  });

  test.each([
    [`p@ss:w/o%rd#?&;|*~é`, `p@ss:w/o%rd#?&;|*~é`],
    [`'p$a"s\\s #w'`, `p$a"s\\s #w`],
    [`"p'a s #w"`, `p'a s #w`],
    [`trailing \r`, 'trailing'],
  ])('the password %j of an earlier .env is read as compose reads it', (written, read) => {
    const dotenv = `COMPOSE_PROFILES=single\nCITIBIKE_APP_PASSWORD=${written}\n`;
    writeFileSync(path.join(folder, '.env'), dotenv);
    run();
    expect(secret('postgres-app')).toBe(read);
  });

  test.each(['hunter2$b', '"hunter2$b"', '"hunter2\\n"', 'hunter2 # comment', `hunter2'b`, `'hunter2'b'`])(
    'the password %j, which compose expands, is an error without its value',
    (written) => {
      writeFileSync(path.join(folder, '.env'), `CITIBIKE_APP_PASSWORD=${written}\n`);
      expect(run).toThrow(/CITIBIKE_APP_PASSWORD has quotes.*\.secrets\/postgres-app/);
      expect(run).not.toThrow(/hunter2/);
    },
  );
});
