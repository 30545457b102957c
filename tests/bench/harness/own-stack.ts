/** Starts a stack for one bench at a port offset where all ports are free; deletes its data before and after. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { loadSettings, PROJECT_DIR, type Settings } from '../../../settings.ts';
import { freeOffset } from '../../free-offset.ts';

const CITIBIKE = path.join(PROJECT_DIR, 'client', 'bin.mjs');
/** Matches settings of a running stack, which the bench must not use. */
const STEERING = /^(AWS_|TEMPORAL_|MLFLOW_TRACKING|DATABASE_)/;

/** @throws Error with the last output of `citibike up` if the stack does not start. */
export async function withOwnStack<T>(
  log: (line: string) => void,
  body: (settings: Settings) => Promise<T>,
): Promise<T> {
  const inherited = Object.entries(process.env).filter(([name]) => !STEERING.test(name));
  const env = { ...Object.fromEntries(inherited), PORT_OFFSET: String(await freeOffset(20_500)) };
  const wipe = () => citibike(['reset', '--yes'], env);
  const stop = () => void wipe().finally(() => process.exit(130));
  await wipe();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    log(`  a stack of its own at port offset ${env.PORT_OFFSET}`);
    await citibike(['up'], env);
    return await body(loadSettings(env));
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await wipe();
  }
}

async function citibike(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [CITIBIKE, ...args], { cwd: PROJECT_DIR, env, stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`citibike ${args.join(' ')} ended with ${code}:\n${said.slice(-2000)}`);
}
