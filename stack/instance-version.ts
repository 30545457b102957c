/** Records which version of the product last started a stack on its data, and rejects data that this version cannot open. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CitibikeError } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';
import { PROJECT_DIR } from '../settings.ts';
import { readJson, writeJson } from './json-file.ts';
import { packagedPostgres, postgresData } from './postgres-home.ts';
import type { Layout } from './stack-layout.ts';
import { TEMPORAL, VERSITYGW } from './versions.ts';

/** Maps servers to versions. */
interface ServerVersions {
  /** Major version, which fixes the format of the data. */
  readonly postgres: string;
  readonly temporal: string;
  readonly versitygw: string;
  readonly mlflow: string;
}

interface InstanceVersion {
  readonly product: string;
  readonly servers: ServerVersions;
}

/** Is the last version that recorded nothing. */
const UNRECORDED = '0.1.0';

const textOf = (...names: string[]): string => readFileSync(path.join(PROJECT_DIR, ...names), 'utf8');

export function productVersion(): string {
  return (JSON.parse(textOf('package.json')) as { version: string }).version;
}

export function serverVersions(): ServerVersions {
  const { version } = JSON.parse(
    readFileSync(path.join(packagedPostgres(), '..', 'package.json'), 'utf8'),
  ) as {
    version: string;
  };
  return {
    postgres: version.split('.')[0]!,
    temporal: TEMPORAL.version,
    versitygw: VERSITYGW.version,
    mlflow: /^mlflow==(\S+)/m.exec(textOf('stack', 'mlflow-requirements.txt'))?.[1] ?? 'unknown',
  };
}

/** Returns the version that last started the stack on these data; undefined if there are no data. */
export function recordedVersion(layout: Layout): string | undefined {
  const recorded = readJson<Partial<InstanceVersion>>(layout.version)?.product;
  return recorded ?? (existsSync(layout.data) ? UNRECORDED : undefined);
}

/** Writes the record. It comes before the migrations, because a failed start may have applied some of them. */
export function recordVersion(layout: Layout): void {
  writeJson(layout.version, {
    product: productVersion(),
    servers: serverVersions(),
  } satisfies InstanceVersion);
}

/**
 * Checks that this version can open the data.
 * @throws CitibikeError STACK if a newer version or another major version of Postgres wrote them.
 */
export function assertCanOpen(layout: Layout): void {
  const recorded = recordedVersion(layout);
  if (recorded !== undefined) assertNotNewer(`the data in ${layout.instance}`, recorded);
  const file = path.join(postgresData(layout), 'PG_VERSION');
  if (existsSync(file)) assertPostgres(`the data in ${layout.instance}`, readFileSync(file, 'utf8').trim());
}

/** @throws CitibikeError STACK if `version` is newer than this one or is none. */
export function assertNotNewer(what: string, version: unknown): void {
  const ours = productVersion();
  if (typeof version === 'string' && isAtMost(version, ours)) return;
  throw new CitibikeError(
    'STACK',
    `${what}: written by version ${showValue(version)}, expected ${ours} or older; a downgrade is not possible, so install that version or a newer one`,
  );
}

/** @throws CitibikeError STACK if the data are of another major version than the installed Postgres. */
export function assertPostgres(what: string, major: unknown): void {
  const ours = serverVersions().postgres;
  if (major === ours) return;
  throw new CitibikeError(
    'STACK',
    `${what}: of Postgres ${showValue(major)}, expected ${ours}; dump the databases with the version that wrote them and load the dump here`,
  );
}

/** Compares two versions of the form X.Y.Z; false if the first has another form. */
export function isAtMost(version: string, limit: string): boolean {
  if (!/^\d{1,6}\.\d{1,6}\.\d{1,6}$/.test(version)) return false;
  const [numbers, limits] = [version, limit].map((text) => text.split('.').map(Number)) as [
    number[],
    number[],
  ];
  const different = numbers.findIndex((number, index) => number !== limits[index]);
  return different < 0 || numbers[different]! < limits[different]!;
}
