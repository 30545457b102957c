/** Defines the console. It needs only its tables, because it must start and report when other services are down. */
import path from 'node:path';
import { PROJECT_DIR } from '../../settings.ts';
import { ownEnvironment } from '../environment.ts';
import type { Service } from '../service.ts';
import type { ServiceContext } from './context.ts';
import { answersOk } from './http-ready.ts';

const SERVER_FILE = path.join(PROJECT_DIR, 'console', 'api', 'server.ts');

export function consoleService(context: ServiceContext): Service {
  const { console: port } = context.settings.ports;
  return {
    name: 'console',
    title: 'Console',
    address: `http://127.0.0.1:${port}`,
    ports: [{ port, setting: 'CONSOLE_PORT' }],
    needs: ['postgres'],
    startTimeoutMs: 60_000,

    command: () => ({
      file: process.execPath,
      args: [SERVER_FILE],
      env: ownEnvironment(context),
      cwd: PROJECT_DIR,
    }),

    isReady: () => answersOk(`http://127.0.0.1:${port}/livez`),
  };
}
