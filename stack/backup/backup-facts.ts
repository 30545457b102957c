/** Defines the facts at the beginning of a backup, and checks whether this version can restore it. */
import { Type, type Static } from 'typebox';
import { Check } from 'typebox/schema';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { assertNotNewer, assertPostgres, productVersion, serverVersions } from '../instance-version.ts';

const FORMAT = 'citibike-backup-1';

const Text = Type.String({ maxLength: 100 });
const BackupFactsSchema = Type.Object({
  format: Type.Literal(FORMAT),
  /** Version of the product that wrote the backup. */
  product: Text,
  /** ISO 8601 */
  createdAt: Text,
  /** Operating system and processor; the files of Postgres depend on them. */
  platform: Text,
  servers: Type.Object({ postgres: Text, temporal: Text, versitygw: Text, mlflow: Text }),
  /** Number and total size of the files and folders. */
  entries: Type.Integer({ minimum: 1, maximum: 50_000_000 }),
  bytes: Type.Integer({ minimum: 0 }),
});
export type BackupFacts = Static<typeof BackupFactsSchema>;

const PLATFORM = `${process.platform}-${process.arch}`;

export function newBackupFacts(entries: number, bytes: number): BackupFacts {
  return {
    format: FORMAT,
    product: productVersion(),
    createdAt: new Date().toISOString(),
    platform: PLATFORM,
    servers: serverVersions(),
    entries,
    bytes,
  };
}

/**
 * Parses the facts of a backup.
 * @throws CitibikeError STACK that says what is wrong with the backup.
 */
export function parseBackupFacts(file: string, text: string): BackupFacts {
  const facts = parseJson(text);
  if (!Check(BackupFactsSchema, facts)) {
    const format = (facts as { format?: unknown } | undefined)?.format;
    throw new CitibikeError(
      'STACK',
      `${file}: has the format ${showValue(format)}, expected ${FORMAT}; choose a file of 'citibike backup', or install the version that wrote it`,
    );
  }
  assertNotNewer(file, facts.product);
  assertPostgres(file, facts.servers.postgres);
  if (facts.platform !== PLATFORM)
    throw new CitibikeError(
      'STACK',
      `${file}: written on ${showValue(facts.platform)}, expected ${PLATFORM}; the files of Postgres fit only the platform that wrote them`,
    );
  return facts;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
