/** Reads the manifests of deploy/kubernetes, as they are or as kustomize renders them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAllDocuments, parse } from 'yaml';
import { PROJECT_DIR } from '../../../settings.ts';

export const KUBERNETES_DIR = path.join(PROJECT_DIR, 'deploy/kubernetes');

interface EnvVar {
  readonly name: string;
  readonly value?: string;
}
interface Probe {
  readonly httpGet?: { readonly port: string };
}
interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly securityContext: Record<string, unknown>;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}
interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName: string };
  readonly configMap?: { readonly name: string; readonly optional?: boolean };
  readonly emptyDir?: object;
}
export interface PodTemplate {
  readonly metadata: { readonly labels: Labels };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly automountServiceAccountToken: boolean;
    readonly securityContext: Record<string, unknown>;
    readonly containers: readonly Container[];
    readonly volumes: readonly Volume[];
  };
}
type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
}
export interface PolicyRule {
  readonly ports: readonly { readonly port: string | number }[];
}
/** Represents the fields that the tests read; each kind has some of them. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly replicas?: number;
    readonly template: PodTemplate;
    readonly selector: Selector & Labels;
    readonly podSelector: Selector;
    readonly scaleTargetRef: { readonly name: string };
    readonly ports: readonly { readonly targetPort: string }[];
    readonly podMetricsEndpoints: readonly { readonly port: string }[];
    readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[];
    readonly ingress?: readonly PolicyRule[];
    readonly egress?: readonly PolicyRule[];
  };
}
interface Kustomization {
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly patches?: readonly { readonly path?: string }[];
  readonly images?: readonly { readonly name: string; readonly newTag: string }[];
  readonly secretGenerator?: readonly { readonly name: string; readonly files: readonly string[] }[];
}

/** Kubernetes reads numbers as YAML 1.1 does. */
const parseManifests = (text: string): Manifest[] =>
  parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as Manifest);

export function kustomizationOf(folder: string): Kustomization {
  return parse(
    readFileSync(path.join(KUBERNETES_DIR, folder, 'kustomization.yaml'), 'utf8'),
  ) as Kustomization;
}

/** Returns the resources of a folder and of the folders that it names, without patches. */
export function manifestsOf(folder: string): Manifest[] {
  const { resources = [], components = [] } = kustomizationOf(folder);
  return [...resources, ...components].flatMap((name) => {
    const place = path.join(folder, name.replace(/^secrets\.yaml$/, 'secrets.example.yaml'));
    if (statSync(path.join(KUBERNETES_DIR, place)).isDirectory()) return manifestsOf(place);
    return parseManifests(readFileSync(path.join(KUBERNETES_DIR, place), 'utf8'));
  });
}

const works = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;

/** Is the command that renders a folder. Undefined if neither kustomize nor kubectl is on the PATH. */
export const KUSTOMIZE: readonly string[] | undefined = works('kustomize', 'version')
  ? ['kustomize', 'build']
  : works('kubectl', 'version', '--client')
    ? ['kubectl', 'kustomize']
    : undefined;

/** Returns what kustomize renders from a copy of the folder with the examples of secrets and API keys. */
export function renderedManifests(overlay: string): Manifest[] {
  const [program, ...args] = KUSTOMIZE!;
  const copy = mkdtempSync(path.join(tmpdir(), 'citibike-kubernetes-'));
  try {
    cpSync(KUBERNETES_DIR, copy, { recursive: true });
    copyFileSync(path.join(copy, 'secrets/secrets.example.yaml'), path.join(copy, 'secrets/secrets.yaml'));
    writeFileSync(path.join(copy, 'components/api-keys/api-keys'), 'name hash\n');
    writeFileSync(path.join(copy, 'components/api-keys/console-api-key'), 'key\n');
    return parseManifests(
      execFileSync(program!, [...args, path.join(copy, 'overlays', overlay)], { encoding: 'utf8' }),
    );
  } finally {
    rmSync(copy, { recursive: true });
  }
}

export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''))
  );
}
