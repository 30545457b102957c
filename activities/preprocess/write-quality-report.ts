import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { NewArtifact } from '../../adapters/s3/artifact-store.ts';
import { QUALITY_SCHEMA_VERSION } from '../../core/quality/month-report.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { pageOf, reportUri } from './quality-folders.ts';

interface QualityReport extends Pick<NewArtifact, 'inputs' | 'parameters' | 'facts' | 'synthetic'> {
  readonly report: object;
  /** The report as HTML. */
  readonly html: string;
}

/** Writes `{folder}/{digest}/report.json` and its page `report.html`. Returns the references of both. */
export async function writeQualityReport(
  { artifacts, codeVersion }: Pick<ActivityDependencies, 'artifacts' | 'codeVersion'>,
  folder: string,
  { report, html, ...about }: QualityReport,
): Promise<{ json: ArtifactRef; page: ArtifactRef }> {
  const producer = producerOf('quality', codeVersion);
  const common = { ...about, schemaVersion: QUALITY_SCHEMA_VERSION };
  const json = await artifacts.writeJson(
    producer,
    report,
    { ...common, name: 'report.json', uri: (sha256) => reportUri(folder, sha256) },
    'canonical',
  );
  const page = await artifacts.write(producer, {
    ...common,
    name: 'report.html',
    content: Buffer.from(html),
    contentType: 'text/html; charset=utf-8',
    uri: () => pageOf(json.uri),
  });
  return { json, page };
}
