/** Deletes containers, networks and volumes of the tests' compose projects. */
import { docker } from './engine.ts';

/** Begins the name of every project and image of these tests. */
export const PROJECT_NAME = 'citibike-deploy-test';

const LABEL = 'com.docker.compose.project';

/** Deletes one project by the labels of its parts, so that it needs no compose file. */
export async function removeProject(name: string): Promise<void> {
  const filter = `label=${LABEL}=${name}`;
  await removeAll(['ps', '--all', '--quiet', '--filter', filter], ['rm', '--force', '--volumes']);
  await removeAll(['network', 'ls', '--quiet', '--filter', filter], ['network', 'rm']);
  await removeAll(['volume', 'ls', '--quiet', '--filter', filter], ['volume', 'rm', '--force']);
}

/** Deletes all projects of the tests, and the tags of their images; the engine's build cache stays. Tells whether there were any. */
export async function removeAllProjects(): Promise<boolean> {
  const label = ['--format', `{{.Label "${LABEL}"}}`];
  const lists = [
    ['ps', '--all', ...label],
    ['network', 'ls', ...label],
    ['volume', 'ls', ...label],
  ].map((list) => docker(...list));
  const names = new Set((await Promise.all(lists)).flatMap((lines) => lines.split('\n')));
  const own = [...names].filter((name) => name.startsWith(PROJECT_NAME));
  for (const name of own) await removeProject(name);
  await removeAll(
    ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', '--filter', `reference=${PROJECT_NAME}-*`],
    ['image', 'rm', '--force'],
  );
  return own.length > 0;
}

async function removeAll(list: readonly string[], remove: readonly string[]): Promise<void> {
  const found = (await docker(...list)).split('\n').filter(Boolean);
  if (found.length > 0) await docker(...remove, ...found);
}
