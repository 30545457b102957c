import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { PROJECT_DIR } from '../../../settings.ts';

interface RuleGroups {
  readonly groups: readonly {
    readonly rules: readonly { readonly title?: string; readonly alert?: string }[];
  }[];
}

const read = (file: string): string => readFileSync(path.join(PROJECT_DIR, file), 'utf8');

const grafana = parse(read('deploy/grafana/provisioning/alerting/rules.yaml')) as RuleGroups;
const { spec: prometheus } = parse(read('deploy/kubernetes/components/prometheus-operator/rules.yaml')) as {
  spec: RuleGroups;
};

test('docs/operations.md has a heading for each alert of both rule files, and for no other', () => {
  const alerts = [...grafana.groups, ...prometheus.groups].flatMap(({ rules }) =>
    rules.map(({ title, alert }) => title ?? alert),
  );
  const [, ...sections] = read('docs/operations.md').split(/^## /m);
  const headings = sections
    .filter((section) => section.startsWith('Alerts of '))
    .flatMap((section) => [...section.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading));
  expect(headings).toEqual(alerts);
});
