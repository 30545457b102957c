import { Command } from 'commander';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { loadSettings, PROJECT_DIR, unreadNames, type Settings } from '../../settings.ts';
import { credentialsOf, stackEnvironment } from '../../stack/environment.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { isServiceName, SERVICE_NAMES, type Service, type ServiceName } from '../../stack/service.ts';
import type { ServiceState } from '../../stack/state.ts';
import { startStack } from '../../stack/up.ts';
import { tellFirstToken } from '../first-console-token.ts';
import { keepLocalToken, localTokenIn } from '../local-token.ts';
import { ProgressView, type StepNode } from '../progress-view.ts';
import { overriddenNames } from '../overridden-names.ts';
import { print } from '../print.ts';

export interface UpFlags {
  /** Names of services, comma-separated. */
  readonly without?: string;
}

export function upCommand(): Command {
  return new Command('up')
    .description('Installs what is missing, starts the local stack and waits until all of it is ready.')
    .option('--without <services>', `services to leave out, comma-separated: ${SERVICE_NAMES.join(', ')}`)
    .action(async (flags: UpFlags) => up(flags));
}

/**
 * Starts the stack.
 * @throws CitibikeError STACK if a service cannot be installed or started; everything is stopped again.
 */
export async function up(flags: UpFlags): Promise<void> {
  const settings = loadSettings();
  const progress = new UpProgress(process.stdout);
  const begun = performance.now();
  const environment = layoutOf(settings).environment;
  const token = localTokenIn(environment);
  const { started, services } = await startStack(settings, {
    without: parseServices(flags.without),
    onInstall: (service, message) => progress.installing(service, message),
    onState: (states) => progress.changed(states),
    onNote: (line) => progress.note(line),
  });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  say(started ? `The stack is up after ${seconds} s.` : 'The stack is already up.');
  for (const line of addressLines(services)) say(line);
  const has = (service: ServiceName) => services.some(({ name }) => name === service);
  const url = stackEnvironment(settings, credentialsOf(layoutOf(settings))).DATABASE_URL;
  if (has('console')) await tellFirstToken(url, say);
  if (has('postgres')) await keepLocalToken(url, environment, token);
  warnOfOverrides(settings);
  const unread = unreadNames(PROJECT_DIR);
  if (unread.length > 0)
    say(`Note: nothing reads ${unread.join(', ')} in .env. .env.example lists every setting.`);
}

function parseServices(text: string | undefined): ServiceName[] {
  const names = (text ?? '').split(',').filter(Boolean);
  return names.map((name) => {
    if (isServiceName(name)) return name;
    throw new CitibikeError(
      'INVALID_INPUT',
      `--without: got ${showValue(name)}, expected some of ${SERVICE_NAMES.join(', ')}`,
    );
  });
}

function addressLines(services: readonly Service[]): string[] {
  return services.map(({ title, address }) => `  ${title.padEnd(10)} ${address ?? 'polls Temporal'}`);
}

/** Warns of settings in the shell that make commands use other servers than the stack that was just started. */
function warnOfOverrides(settings: Settings): void {
  const names = overriddenNames(settings);
  if (names.length > 0)
    say(
      `Note: ${names.join(', ')} in your shell or .env point elsewhere, and the citibike commands will use them.`,
    );
}

class UpProgress {
  readonly #view: ProgressView;
  readonly #nodes = new Map<ServiceName, StepNode>();

  constructor(output: NodeJS.WriteStream) {
    this.#view = new ProgressView(output);
  }

  installing(service: ServiceName, note: string): void {
    const node: StepNode = { name: service, state: 'running', seconds: undefined, note, children: [] };
    this.#nodes.set(service, node);
    this.#draw();
  }

  changed(states: Readonly<Partial<Record<ServiceName, ServiceState>>>): void {
    for (const name of SERVICE_NAMES) {
      const state = states[name];
      if (state) this.#nodes.set(name, nodeOf(name, state));
    }
    this.#draw();
  }

  note(line: string): void {
    this.#view.end();
    say(line);
  }

  #draw(): void {
    this.#view.draw(SERVICE_NAMES.flatMap((name) => this.#nodes.get(name) ?? []));
  }
}

const STEP_STATES: Record<ServiceState['phase'], StepNode['state']> = {
  waiting: 'pending',
  starting: 'running',
  restarting: 'running',
  ready: 'done',
  failed: 'failed',
  stopped: 'skipped',
};

function nodeOf(name: ServiceName, { phase, readyAfterMs, note }: ServiceState): StepNode {
  const seconds = phase === 'ready' && readyAfterMs !== undefined ? readyAfterMs / 1000 : undefined;
  return { name, state: STEP_STATES[phase], seconds, note: note?.split('\n')[0] ?? '', children: [] };
}

function say(line: string): void {
  print(`${line}\n`);
}
