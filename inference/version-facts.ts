/**
 * Keeps what only the registry knows about a version in a file beside its own files, so that it is known without the registry
 * too.
 */
import type { ModelVersion } from '../adapters/mlflow/model-registry.ts';
import { MODEL_FILES, type RegressionMetrics } from '../contracts/model.ts';
import type { ModelFiles } from './loaded-model.ts';

const [REGISTRY_FILE, MLMODEL_FILE, EVALUATION_FILE] = ['registry.json', 'MLmodel', 'evaluation.json'];
const SERVED_FILES: ReadonlySet<string> = new Set([
  ...Object.values(MODEL_FILES),
  MLMODEL_FILE,
  EVALUATION_FILE,
]);

/**
 * Checks whether the service needs a file. The others, such as predictions of the training hours, are most of a version's bytes.
 */
export const isServedFile = (path: string): boolean => SERVED_FILES.has(path);

const LINEAGE_TAG = 'citibike.';

/** Contains only constant facts, because they are part of the files' digest. */
interface RegistryFacts {
  readonly run_id: string;
  /** ISO time. */
  readonly registered_at: string;
  /** Artifacts that the version was made from, by name: frames, model folder, report. */
  readonly lineage: Readonly<Record<string, string>>;
}

export function registryFile({ runId, createdAt, tags }: ModelVersion): ModelFiles {
  const facts: RegistryFacts = {
    run_id: runId,
    registered_at: new Date(createdAt).toISOString(),
    lineage: Object.fromEntries(
      Object.entries(tags)
        .filter(([name]) => name.startsWith(LINEAGE_TAG))
        .map(([name, value]): [string, string] => [name.slice(LINEAGE_TAG.length), value])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
  return { [REGISTRY_FILE]: Buffer.from(JSON.stringify(facts)) };
}

export interface VersionFacts {
  readonly registry: RegistryFacts | null;
  /** Metrics on the hours that the training held out. */
  readonly metrics: RegressionMetrics | null;
  /** MLflow's signature: columns or tensors in and out. */
  readonly signature: { readonly inputs: unknown; readonly outputs: unknown } | null;
}

const known = new WeakMap<ModelFiles, VersionFacts>();

/** Reads what a version's files say about it. A missing or invalid file gives null, and the version serves nonetheless. */
export async function versionFacts(files: ModelFiles): Promise<VersionFacts> {
  let facts = known.get(files);
  if (facts) return facts;
  // Serving does not need this package, and loading it late saves 70 modules at the start.
  const { parse: parseYaml } = await import('yaml');
  const evaluation = read<{ metrics?: RegressionMetrics }>(files[EVALUATION_FILE], JSON.parse);
  const mlmodel = read<{ signature?: { inputs?: string; outputs?: string } }>(files[MLMODEL_FILE], parseYaml);
  const list = (text: string | undefined): unknown => (text === undefined ? null : JSON.parse(text));
  facts = {
    registry: read<RegistryFacts>(files[REGISTRY_FILE], JSON.parse),
    metrics: evaluation?.metrics ?? null,
    signature: mlmodel?.signature
      ? { inputs: list(mlmodel.signature.inputs), outputs: list(mlmodel.signature.outputs) }
      : null,
  };
  known.set(files, facts);
  return facts;
}

function read<T>(bytes: Uint8Array | undefined, parse: (text: string) => unknown): T | null {
  if (!bytes) return null;
  try {
    return parse(Buffer.from(bytes).toString('utf8')) as T;
  } catch {
    return null;
  }
}
