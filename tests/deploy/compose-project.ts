/** Represents a compose project of the tests, with settings, secrets, ports and volumes of its own. */
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
import { loadSettings, PROJECT_DIR, type Settings } from '../../settings.ts';
import { freeOffset } from '../free-offset.ts';
import { compose, docker, hasImage, inspect, run } from './engine.ts';
import { PROJECT_NAME, removeProject } from './remove-projects.ts';

/** Matches a published port of a compose file: its variable and its default. */
const PORT = /\$\{([A-Z0-9_]+_PORT):-(\d+)\}/g;
/** Lies above the ports of a second local stack, as the docs start one. */
const FIRST_OFFSET = 11_000;
/** A busy machine needs minutes. */
const HEALTHY_WITHIN_MS = 600_000;

/** Reports an image that this engine neither has nor can pull, so that the tests that need it are skipped. */
export class MissingImage extends Error {}

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
  /** Folder of the checkout that has the compose file. The default is this one. */
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
  readonly #ports = new Map<string, number>();
  #offset = 0;
  #services: string[] = [];
  #builds: string[] = [];

  private constructor(name: string, options: ProjectOptions) {
    this.name = name;
    this.#options = options;
  }

  /** @throws MissingImage if another service needs it. */
  static async create(part: string, options: ProjectOptions = {}): Promise<ComposeProject> {
    const project = new ComposeProject(`${PROJECT_NAME}-${part}`, options);
    await removeProject(project.name);
    mkdirSync(project.data, { recursive: true });
    if (options.dotenv !== undefined) writeFileSync(project.#file('.env'), options.dotenv, { mode: 0o600 });
    project.#offset = await freeOffset(FIRST_OFFSET);
    await project.use(options);
    return project;
  }

  /** Moves the project to another compose file, with the same volumes, ports and `.env`. */
  async use(options: ProjectOptions): Promise<void> {
    this.#options = options;
    if (options.dotenv === undefined)
      await run('sh', [path.join(PROJECT_DIR, 'deploy/compose-env.sh'), this.folder]);
    for (const [, name, port] of readFileSync(this.#composeFile, 'utf8').matchAll(PORT))
      this.#ports.set(name!, Number(port) + this.#offset);
    const lines = [...this.#ports].map(([name, port]) => `${name}=${port}`);
    const added = ['', `SECRETS=${this.folder}/.secrets`, `DATA=${this.data}`, ...lines, ''];
    appendFileSync(this.#file('.env'), added.join('\n'));
    const override: Record<string, object> = { ...options.override };
    this.#writeOverride(override);
    const { services } = JSON.parse(await this.compose('config', '--format', 'json')) as {
      services: Record<string, ServiceConfig>;
    };
    this.#services = [];
    this.#builds = [];
    this.missing.length = 0;
    const needed = new Set(Object.values(services).flatMap(({ depends_on = {} }) => Object.keys(depends_on)));
    for (const [name, { build, image }] of Object.entries(services)) {
      if (options.without?.includes(name)) continue;
      if (build) {
        this.#builds.push(name);
        override[name] = { ...override[name], image: image.replace(/^citibike-/, `${PROJECT_NAME}-`) };
      } else if (!(await hasImage(image))) {
        this.missing.push(name);
        if (needed.has(name)) throw new MissingImage(`no image ${image}, and it cannot be pulled`);
        continue;
      }
      this.#services.push(name);
    }
    this.#writeOverride(override);
  }

  /** Returns settings of a client on the host, as docs/containers.md gives them. */
  get settings(): Settings {
    return loadSettings({
      STACK_DIR: this.folder,
      TEMPORAL_ADDRESS: `127.0.0.1:${this.#ports.get('TEMPORAL_PORT')}`,
      AWS_ENDPOINT_URL: this.urlOf('S3'),
      AWS_ACCESS_KEY_ID: 'citibike-worker',
      AWS_SECRET_ACCESS_KEY_FILE: this.#file('.secrets/s3-worker'),
      MLFLOW_TRACKING_URI: this.urlOf('MLFLOW'),
      DATABASE_URL: `postgres://citibike_app@127.0.0.1:${this.#ports.get('POSTGRES_PORT')}/monitoring`,
      DATABASE_PASSWORD_FILE: this.#file('.secrets/postgres-app'),
    });
  }

  get secrets(): Readonly<Record<string, string>> {
    const folder = this.#file('.secrets');
    return Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
    );
  }

  /** @param name of a port's variable, such as `CONSOLE`. */
  urlOf(name: string): string {
    return `http://127.0.0.1:${this.#ports.get(`${name}_PORT`)}`;
  }

  get #composeFile(): string {
    return path.join(this.#options.checkout ?? PROJECT_DIR, 'docker-compose.yml');
  }

  compose(...args: readonly string[]): Promise<string> {
    const { profile } = this.#options;
    return compose([
      ...['--project-name', this.name, '--env-file', this.#file('.env')],
      ...['--file', this.#composeFile, '--file', this.#file('override.json')],
      ...(profile ? ['--profile', profile] : []),
      ...args,
    ]);
  }

  async build(): Promise<void> {
    const given = Object.entries(this.#options.buildArguments ?? {});
    const flags = given.flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    await this.compose('build', ...flags, ...this.#builds);
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
