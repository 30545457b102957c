/** Reads versions and runs of MLflow with their files. The files are in S3; without it, only they are missing. */
import type { RunFiles, VersionDetail } from './schemas/models.ts';
import type { Sources } from './sources.ts';
import { UnreadableFiles } from './upstreams/registry-source.ts';

const TIMEOUT_MS = 10_000;

/**
 * Returns null while MLflow does not answer.
 * @throws CitibikeError MODEL_NOT_FOUND
 */
export async function versionDetail(
  sources: Sources,
  model: string,
  version: string,
): Promise<VersionDetail | null> {
  const { upstreams, registry } = sources;
  const found = await upstreams.ask('mlflow', () => registry.version(model, version), TIMEOUT_MS);
  return found && { ...found, ...(await filesOf(sources, found.version.runId)) };
}

/**
 * Returns null while MLflow does not answer.
 * @throws CitibikeError MODEL_NOT_FOUND
 */
export async function experimentDetail(sources: Sources, runId: string) {
  const { upstreams, registry } = sources;
  const found = await upstreams.ask('mlflow', () => registry.run(runId), TIMEOUT_MS);
  if (!found) return null;
  const { artifacts, errorByHour } = await filesOf(sources, runId);
  return { ...found, artifacts, errorByHour };
}

async function filesOf(
  { upstreams, registry }: Sources,
  runId: string,
): Promise<Omit<RunFiles, 'artifacts'> & Pick<VersionDetail, 'artifacts'>> {
  const none = { artifacts: null, evaluation: null, errorByHour: [] };
  if (runId === '') return { ...none, artifacts: [] };
  const files = await upstreams
    .ask('s3', () => registry.files(runId), TIMEOUT_MS)
    .catch((error: unknown) => {
      if (error instanceof UnreadableFiles) return null;
      throw error;
    });
  // MLflow can fail although S3 answers, so this check asks S3 itself.
  if (!files) await upstreams.check(['s3']);
  return files ?? none;
}
