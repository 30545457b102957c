/** A compose project of the tests, with settings, secrets, ports and volumes of its own. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSettings, PORTS, PROJECT_DIR, type Settings } from '../../settings.ts';
import { freeOffset } from '../free-offset.ts';
import { compose, docker, hasImage, inspect, run } from './engine.ts';
import { PROJECT_NAME, removeProject } from './remove-projects.ts';

/** Ports of the compose file that the local stack does not have. */
const MORE_PORTS = { TEMPORAL_UI_PORT: 8233, PROMETHEUS_PORT: 9090 };
const HEALTHY_WITHIN_MS = 240_000;

/** Reports images that this engine neither has nor can pull, so that the tests that need them are skipped. */
export class MissingImages extends Error {}

interface ServiceConfig {
  readonly image: string;
  readonly build?: object;
  readonly depends_on?: Readonly<Record<string, object>>;
}
interface ContainerState {
  readonly Running: boolean;
  readonly Pid: number;
  readonly StartedAt: string;
  readonly Health?: { readonly Status: string };
}
export interface Container {
  readonly id: string;
  /** Name without the project, such as `inference-1`. */
  readonly name: string;
}

export interface ProjectOptions {
  readonly profile?: 'single' | 'cluster';
  /** Folder of the checkout that has the compose file. Default: this one. */
  readonly checkout?: string;
  /** Text of `.env`. Default: what `make compose-env` writes. */
  readonly dotenv?: string;
  readonly buildArguments?: Readonly<Record<string, string>>;
  /** Services that are not started. */
  readonly without?: readonly string[];
  /** Merged over the compose file, beside the images' names. */
  readonly override?: Readonly<Record<string, object>>;
}

export class ComposeProject {
  readonly name: string;
  /** Holds `.env`, `.secrets` and `data`, which the workers see as `/data`. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'citibike-deploy-'));
  readonly data = process.env['DATA'] ? path.resolve(process.env['DATA']) : path.join(this.folder, 'data');
  /** Services whose image this engine neither has nor can pull, and on which no other service depends. */
  readonly missing: string[] = [];
  #options: ProjectOptions;
  #offset = 0;
  #services: string[] = [];
  #builds: string[] = [];

  private constructor(name: string, options: ProjectOptions) {
    this.name = name;
    this.#options = options;
  }

  /** @throws MissingImages if other services need one of them. */
  static async create(part: string, options: ProjectOptions = {}): Promise<ComposeProject> {
    const project = new ComposeProject(`${PROJECT_NAME}-${part}`, options);
    await removeProject(project.name);
    mkdirSync(project.data, { recursive: true });
    if (options.dotenv !== undefined) writeFileSync(project.#file('.env'), options.dotenv, { mode: 0o600 });
    project.#offset = await freeOffset(Number(process.env['PORT_OFFSET'] ?? 20_000));
    await project.use(options);
    return project;
  }

  /** Moves the project to another compose file, with the same volumes, ports and `.env`. */
  async use(options: ProjectOptions): Promise<void> {
    this.#options = options;
    if (options.dotenv === undefined)
      await run('sh', [path.join(PROJECT_DIR, 'deploy/compose-env.sh'), this.folder]);
    const ports = { ...namedPorts(), ...MORE_PORTS };
    const lines = Object.entries(ports).map(([name, port]) => `${name}=${port + this.#offset}`);
    appendFileSync(
      this.#file('.env'),
      [`\nSECRETS=${this.folder}/.secrets`, `DATA=${this.data}`, ...lines, ''].join('\n'),
    );
    this.#writeOverride(options.override ?? {});
    const { services } = JSON.parse(await this.compose('config', '--format', 'json')) as {
      services: Record<string, ServiceConfig>;
    };
    this.#builds = Object.keys(services).filter((name) => services[name]!.build !== undefined);
    const images = Object.fromEntries(
      this.#builds.map((name) => [
        name,
        { image: services[name]!.image.replace(/^citibike-/, `${PROJECT_NAME}-`) },
      ]),
    );
    const given: Record<string, object> = { ...options.override };
    for (const [name, image] of Object.entries(images)) given[name] = { ...given[name], ...image };
    this.#writeOverride(given);
    await this.#findMissing(services);
  }

  async #findMissing(services: Readonly<Record<string, ServiceConfig>>): Promise<void> {
    const absent: string[] = [];
    for (const [name, { build, image }] of Object.entries(services))
      if (!build && !(await hasImage(image))) absent.push(name);
    const needed = new Set(Object.values(services).flatMap(({ depends_on = {} }) => Object.keys(depends_on)));
    const fatal = absent.filter((name) => needed.has(name));
    if (fatal.length > 0)
      throw new MissingImages(
        `no image, and it cannot be pulled: ${fatal.map((name) => services[name]!.image).join(', ')}`,
      );
    this.missing.splice(0, Infinity, ...absent);
    const left = [...absent, ...(this.#options.without ?? [])];
    this.#services = Object.keys(services).filter((name) => !left.includes(name));
  }

  /** Settings of a client on the host, as docs/containers.md gives them. */
  get settings(): Settings {
    const port = (part: keyof typeof PORTS): number => PORTS[part] + this.#offset;
    return loadSettings({
      STACK_DIR: this.folder,
      PORT_OFFSET: String(this.#offset),
      TEMPORAL_ADDRESS: `127.0.0.1:${port('temporal')}`,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port('s3')}`,
      AWS_ACCESS_KEY_ID: 'citibike-worker',
      AWS_SECRET_ACCESS_KEY_FILE: this.#file('.secrets/s3-worker'),
      MLFLOW_TRACKING_URI: `http://127.0.0.1:${port('mlflow')}`,
      DATABASE_URL: `postgres://citibike_app@127.0.0.1:${port('postgres')}/monitoring`,
      DATABASE_PASSWORD_FILE: this.#file('.secrets/postgres-app'),
    });
  }

  get secrets(): Readonly<Record<string, string>> {
    const folder = this.#file('.secrets');
    return Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
    );
  }

  urlOf(part: keyof typeof PORTS | 'prometheus'): string {
    return `http://127.0.0.1:${(part === 'prometheus' ? MORE_PORTS.PROMETHEUS_PORT : PORTS[part]) + this.#offset}`;
  }

  compose(...args: readonly string[]): Promise<string> {
    const { checkout = PROJECT_DIR, profile } = this.#options;
    const files = [path.join(checkout, 'docker-compose.yml'), this.#file('override.json')];
    return compose([
      ...['--project-name', this.name, '--project-directory', checkout, '--env-file', this.#file('.env')],
      ...files.flatMap((file) => ['--file', file]),
      ...(profile ? ['--profile', profile] : []),
      ...args,
    ]);
  }

  async build(): Promise<void> {
    const wanted = this.#builds.filter((name) => this.#services.includes(name));
    const given = Object.entries(this.#options.buildArguments ?? {});
    await this.compose(
      'build',
      ...given.flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      ...wanted,
    );
  }

  /** Starts all services. Returns the seconds until all were healthy. */
  async up(): Promise<number> {
    const startedAt = Date.now();
    await this.compose('up', '--detach', '--wait', '--wait-timeout', '600', ...this.#services);
    return (Date.now() - startedAt) / 1000;
  }

  async down(): Promise<void> {
    await this.compose('down', '--timeout', '60');
  }

  /** Runs a command in a container. */
  exec(service: string, replica: number, ...command: readonly string[]): Promise<string> {
    return this.compose('exec', '-T', '--index', String(replica), service, ...command);
  }

  async containers(): Promise<Container[]> {
    const filter = `label=com.docker.compose.project=${this.name}`;
    const lines = await docker('ps', '--filter', filter, '--format', '{{.ID}} {{.Names}}');
    return lines
      .split('\n')
      .map((line) => line.split(' '))
      .map(([id, name]) => ({ id: id!, name: name!.slice(this.name.length + 1) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Kills the first process of a container and waits until Docker's restart policy has brought the container back. `docker kill` would
   * disable that policy, so a container in the engine's process namespace sends the signal.
   * @returns the seconds until the container was healthy.
   */
  async crash({ id, name }: Container): Promise<number> {
    const before = await inspect<ContainerState>('.State', id);
    const image = await inspect<string>('.Config.Image', `${this.name}-volumes-1`);
    const shell = ['run', '--rm', '--pid=host', '--network=none', '--user=0', '--entrypoint=sh', image];
    await docker(...shell, '-c', `kill -9 ${before.Pid}`);
    const killedAt = Date.now();
    for (;;) {
      const { Running, StartedAt, Health } = await inspect<ContainerState>('.State', id);
      const seconds = (Date.now() - killedAt) / 1000;
      if (Running && StartedAt !== before.StartedAt && (Health?.Status ?? 'healthy') === 'healthy')
        return seconds;
      if (seconds * 1000 > HEALTHY_WITHIN_MS)
        throw new Error(`${name} is not healthy ${seconds} s after it was killed`);
      await sleep(250);
    }
  }

  async remove(): Promise<void> {
    await removeProject(this.name);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #file(name: string): string {
    return path.join(this.folder, name);
  }

  /** Compose reads YAML, of which JSON is a part. */
  #writeOverride(services: Readonly<Record<string, object>>): void {
    writeFileSync(this.#file('override.json'), JSON.stringify({ services }));
  }
}

function namedPorts(): Record<string, number> {
  return Object.fromEntries(
    Object.entries(PORTS).map(([part, port]) => [
      `${part.replace(/[A-Z]/g, '_$&').toUpperCase()}_PORT`,
      port,
    ]),
  );
}
