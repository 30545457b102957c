import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT_DIR } from '../../../settings.ts';
import { SECRET_SETTINGS } from '../../../settings/secret-files.ts';
import {
  KUBERNETES_DIR,
  kustomizationOf,
  KUSTOMIZE,
  manifestsOf,
  renderedManifests,
  selects,
  type Manifest,
  type PodTemplate,
  type PolicyRule,
} from './manifests.ts';
import { orSkip } from '../../or-skip.ts';

const SECRETS = '/run/secrets/citibike';
const OVERLAYS = ['small', 'production', 'worker-build'];
const folders = globSync('**/kustomization.yaml', { cwd: KUBERNETES_DIR }).map((file) => path.dirname(file));

/** Lists what the cluster holds besides the manifests of one overlay: `worker-build` refers to Secrets and accounts of `production`. */
const shared = [...manifestsOf('base'), ...manifestsOf('secrets')];
const generated = folders.flatMap((folder) => kustomizationOf(folder).secretGenerator ?? []);

const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);
const named = (manifests: readonly Manifest[], kind: string, name: string): Manifest | undefined =>
  ofKind(manifests, kind).find(({ metadata }) => metadata.name === name);
const workloads = (manifests: readonly Manifest[]): Manifest[] =>
  manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Job');
const templates = (manifests: readonly Manifest[]): PodTemplate[] =>
  workloads(manifests).map(({ spec }) => spec.template);
const portsOf = (template: PodTemplate): string[] =>
  template.spec.containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name));
const settingNames = new Set(
  [...readFileSync(path.join(PROJECT_DIR, '.env.example'), 'utf8').matchAll(/^#([A-Z][A-Z0-9_]*)=/gm)].map(
    ([, name]) => name!,
  ),
);

test('every file that a kustomization names exists, except what users fill in', () => {
  const missing = folders.flatMap((folder) => {
    const { resources = [], components = [], patches = [] } = kustomizationOf(folder);
    const files = [...resources, ...components, ...patches.flatMap((patch) => patch.path ?? [])];
    return files
      .map((name) => path.join(folder, name))
      .filter((name) => !existsSync(path.join(KUBERNETES_DIR, name)));
  });
  expect(missing.filter((name) => name !== 'secrets/secrets.yaml')).toEqual([]);
  const ignored = readFileSync(path.join(PROJECT_DIR, '.gitignore'), 'utf8').split('\n');
  expect(ignored).toEqual(
    expect.arrayContaining([
      'deploy/kubernetes/secrets/secrets.yaml',
      'deploy/kubernetes/components/api-keys/api-keys',
      'deploy/kubernetes/components/api-keys/console-api-key',
    ]),
  );
});

test.each(['small', 'production'])('overlay %s runs the images of this version', (overlay) => {
  const { version } = JSON.parse(readFileSync(path.join(PROJECT_DIR, 'package.json'), 'utf8')) as {
    version: string;
  };
  const { images = [] } = kustomizationOf(`overlays/${overlay}`);
  expect(images.map(({ name, newTag }) => [name, newTag])).toEqual(
    ['worker', 'inference', 'console'].map((target) => [`citibike-${target}`, version]),
  );
});

const sets: [string, () => Manifest[]][] = [
  ['base and worker as they are', () => [...manifestsOf('base'), ...manifestsOf('worker')]],
  ['overlay production as it is', () => manifestsOf('overlays/production')],
  ...(KUSTOMIZE === undefined
    ? []
    : OVERLAYS.map((overlay): [string, () => Manifest[]] => [
        `overlay ${overlay}, rendered`,
        () => renderedManifests(overlay),
      ])),
];

describe.each(sets)('%s', (_name, read) => {
  const manifests = read();
  const known = [...manifests, ...shared];

  test.each(templates(manifests))('$spec.serviceAccountName passes Pod Security restricted', ({ spec }) => {
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 10001,
      fsGroup: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) expect(spec).not.toHaveProperty(key);
    for (const { securityContext } of spec.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    for (const { name: _name, ...source } of spec.volumes)
      expect(['secret', 'emptyDir', 'configMap']).toEqual(expect.arrayContaining(Object.keys(source)));
    // A ConfigMap is the user's, so a pod must start without it.
    for (const { configMap } of spec.volumes) expect(configMap?.optional ?? true).toBe(true);
  });

  test.each(templates(manifests))('$spec.serviceAccountName refers to what exists', ({ spec }) => {
    expect(named(known, 'ServiceAccount', spec.serviceAccountName)).toBeDefined();
    expect(spec.automountServiceAccountToken).toBe(false);
    const volumes = spec.volumes.map(({ name }) => name);
    for (const container of spec.containers) {
      expect(container.volumeMounts.map(({ name }) => name).toSorted()).toEqual(volumes.toSorted());
      expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toContain('/tmp');
      for (const { configMapRef } of container.envFrom ?? [])
        expect(named(known, 'ConfigMap', configMapRef.name)).toBeDefined();
      const ports = (container.ports ?? []).map(({ name }) => name);
      for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe])
        if (probe?.httpGet) expect(ports).toContain(probe.httpGet.port);
    }
    const secrets = spec.volumes.flatMap(({ secret }) => secret?.secretName ?? []);
    const others = secrets.filter((name) => !named(known, 'Secret', name));
    expect(generated.map(({ name }) => name)).toEqual(expect.arrayContaining(others));
  });

  test.each(templates(manifests))(
    '$spec.serviceAccountName reads its own Secret, and all of it',
    ({ spec }) => {
      const secret = named(known, 'Secret', spec.serviceAccountName)!;
      const files = spec.containers
        .flatMap(({ env = [] }) => env)
        .filter(({ value }) => value?.startsWith(`${SECRETS}/`));
      expect(files.map(({ value }) => path.basename(value!)).toSorted()).toEqual(
        Object.keys(secret.stringData!).toSorted(),
      );
      for (const { name, value } of files) expect(name).toBe(`${path.basename(value!)}_FILE`);
      expect(SECRET_SETTINGS).toEqual(expect.arrayContaining(Object.keys(secret.stringData!)));
      expect(spec.volumes).toContainEqual(
        expect.objectContaining({ secret: { secretName: spec.serviceAccountName, defaultMode: 0o440 } }),
      );
    },
  );

  // The prediction service reads no systems.
  test.each(templates(manifests).filter(({ spec }) => spec.serviceAccountName !== 'inference'))(
    '$spec.serviceAccountName mounts the folder of the setting SYSTEMS_DIR',
    ({ spec }) => {
      const { SYSTEMS_DIR } = named(known, 'ConfigMap', 'citibike')!.data!;
      for (const { volumeMounts } of spec.containers)
        expect(volumeMounts.map(({ mountPath }) => mountPath)).toContain(SYSTEMS_DIR);
    },
  );

  test('settings are known, and only Secrets hold secret ones', () => {
    const fromMaps = ofKind(manifests, 'ConfigMap').flatMap(({ data = {} }) => Object.keys(data));
    const fromPods = templates(manifests).flatMap(({ spec }) =>
      spec.containers.flatMap(({ env = [] }) => env.map(({ name }) => name)),
    );
    const names = [...fromMaps, ...fromPods].map((name) =>
      settingNames.has(name) ? name : name.replace(/_FILE$/, ''),
    );
    expect(names.filter((name) => !settingNames.has(name))).toEqual([]);
    expect(fromPods.filter((name) => SECRET_SETTINGS.includes(name))).toEqual([]);
    for (const { data = {} } of ofKind(manifests, 'ConfigMap'))
      for (const value of Object.values(data)) expect(value).not.toMatch(/:\/\/[^/@]*:[^/@]*@/);
  });

  test('services, budgets and autoscalers select pods, and ports exist', () => {
    for (const { kind, spec } of manifests) {
      const selector = kind === 'Service' ? { matchLabels: spec.selector } : spec?.selector;
      if (!['Service', 'PodDisruptionBudget', 'PodMonitor', 'Deployment'].includes(kind)) continue;
      const selected = templates(manifests).filter(({ metadata }) => selects(selector, metadata.labels));
      expect(selected).toHaveLength(1);
      if (kind === 'Service')
        for (const { targetPort } of spec.ports) expect(portsOf(selected[0]!)).toContain(targetPort);
      if (kind === 'PodMonitor')
        for (const { port } of spec.podMetricsEndpoints) expect(portsOf(selected[0]!)).toContain(port);
    }
    for (const { spec } of ofKind(manifests, 'HorizontalPodAutoscaler'))
      expect(named(manifests, 'Deployment', spec.scaleTargetRef.name)).toBeDefined();
  });
});

describe('network policies', () => {
  const pods = [...templates(manifestsOf('base')), ...templates(manifestsOf('worker'))];
  const policies = ofKind(shared, 'NetworkPolicy');
  const { data: settings = {} } = named(shared, 'ConfigMap', 'citibike')!;
  const rulesOf = (pod: PodTemplate, way: 'ingress' | 'egress'): readonly PolicyRule[] =>
    policies
      .filter(({ spec }) => selects(spec.podSelector, pod.metadata.labels))
      .flatMap(({ spec }) => spec[way] ?? []);
  const portsTo = (account: string, way: 'ingress' | 'egress'): (string | number)[] => {
    const pod = pods.find(({ spec }) => spec.serviceAccountName === account)!;
    return rulesOf(pod, way).flatMap(({ ports }) => ports.map(({ port }) => port));
  };
  const temporal = Number(settings['TEMPORAL_ADDRESS']!.split(':')[1]);
  const mlflow = Number(new URL(settings['MLFLOW_TRACKING_URI']!).port);
  const postgres = Number(new URL(settings['DATABASE_URL']!).port);
  const https = 443;

  test('deny everything that no other policy allows', () => {
    expect(named(shared, 'NetworkPolicy', 'default-deny')!.spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  test.each([
    ['worker', [53, temporal, mlflow, postgres, https]],
    ['console', [53, temporal, mlflow, postgres, https, 'http']],
    ['provision', [53, temporal, mlflow, postgres, https]],
    ['inference', [53, mlflow, postgres]],
  ])('%s reaches the servers of its settings and no other port', (account, expected) => {
    expect(new Set(portsTo(account, 'egress'))).toEqual(new Set(expected));
  });

  test.each([
    ['worker', []],
    ['provision', []],
    ['console', ['http']],
    ['inference', ['http', 'metrics']],
  ])('%s is reached at its own ports alone', (account, expected) => {
    expect(portsTo(account, 'ingress')).toEqual(expected);
    const pod = pods.find(({ spec }) => spec.serviceAccountName === account)!;
    expect(portsOf(pod)).toEqual(expected);
  });
});

test('alerts read metrics that the service has, or those of kube-state-metrics', () => {
  const source = readFileSync(path.join(PROJECT_DIR, 'inference/plugins/metrics.ts'), 'utf8');
  const metrics = [...source.matchAll(/name: '(\w+)'/g)].map(([, name]) => name);
  const rules = ofKind(manifestsOf('components/prometheus-operator'), 'PrometheusRule').flatMap(({ spec }) =>
    spec.groups.flatMap((group) => group.rules),
  );
  const read = rules.flatMap(({ expr }) => [...expr.matchAll(/(\w+)\{/g)].map(([, name]) => name!));
  expect(read.length).toBeGreaterThanOrEqual(rules.length);
  expect(
    read.filter((name) => !name.startsWith('kube_') && !metrics.includes(name.replace(/_bucket$/, ''))),
  ).toEqual([]);
});

const NO_KUSTOMIZE = KUSTOMIZE === undefined && 'neither kustomize nor kubectl is on the PATH';
describe.skipIf(NO_KUSTOMIZE)(orSkip('rendered', NO_KUSTOMIZE), () => {
  test('workers of a build have names, selectors and a build id of their own', () => {
    const manifests = renderedManifests('worker-build');
    expect(manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'Deployment/worker-build-id',
      'PodDisruptionBudget/worker-build-id',
    ]);
    const { spec } = manifests[0]!;
    expect(spec.selector.matchLabels).toEqual({
      'app.kubernetes.io/name': 'worker',
      'app.kubernetes.io/version': 'build-id',
    });
    const [container] = spec.template.spec.containers;
    expect(container!.image).toMatch(/citibike-worker:build-id$/);
    expect(container!.env).toContainEqual({ name: 'WORKER_DEPLOYMENT', value: 'citibike' });
    expect(container!.env).toContainEqual({
      name: 'WORKER_BUILD_ID',
      valueFrom: { fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/version']" } },
    });
  });

  test('production leaves the number of replicas to the autoscaler, and has no unversioned workers', () => {
    const manifests = renderedManifests('production');
    expect(named(manifests, 'Deployment', 'inference')!.spec).not.toHaveProperty('replicas');
    expect(named(manifests, 'Deployment', 'worker')).toBeUndefined();
  });
});
