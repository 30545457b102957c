/** Checks whether ports are usable and free, and finds the process that holds one. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import net from 'node:net';
import { CitibikeError } from '../contracts/errors.ts';
import { processInfo } from './process-table.ts';

/** Checks whether a process accepts connections on this port of the loopback. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', timeout: 1_000 });
    const answer = (listening: boolean) => () => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Checks by binding and by connecting, because macOS allows binding 127.0.0.1 beside a listener on all addresses. */
export async function isFree(port: number): Promise<boolean> {
  return (await canBind(port)) && !(await isListening(port));
}

export interface UsedPort {
  readonly title: string;
  readonly port: number;
  readonly setting: string;
}

/** Returns the error for ports that other processes hold. */
export function heldPorts(ports: readonly UsedPort[]): CitibikeError {
  const lines = ports.map(
    ({ title, port, setting }) => `port ${port} of ${title} (${setting}) is held by ${holderOf(port)}`,
  );
  return new CitibikeError(
    'STACK',
    `${lines.join('; ')}. Stop it, or change that port by its setting, or all ports: PORT_OFFSET=10000 citibike up`,
  );
}

/** Describes the process that listens on the port as "pid 123 (command ...)", or says that it is not visible. */
export function holderOf(port: number): string {
  const pid = process.platform === 'linux' ? linuxHolder(port) : lsofHolder(port);
  if (pid === undefined) return 'a process of another user, or of a container';
  const command = processInfo(pid)?.command ?? 'just ended';
  return `pid ${pid} (${command.length > 120 ? `${command.slice(0, 117)}...` : command})`;
}

function linuxHolder(port: number): number | undefined {
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(readText(table), port)),
  );
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const link of descriptors(pid)) {
      const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
      if (inode && inodes.has(inode)) return Number(pid);
    }
  }
  return undefined;
}

/** Returns the inodes of the sockets that listen on a port, from the text of /proc/net/tcp: see proc_pid_net(5). */
export function listeningInodes(table: string, port: number): string[] {
  const LISTEN = '0A';
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    const isIt = state === LISTEN && Number.parseInt(local?.split(':')[1] ?? '', 16) === port;
    return isIt && inode ? [inode] : [];
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The file is missing without IPv6.
    return '';
  }
}

function descriptors(pid: string): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).flatMap((descriptor) => {
      try {
        return [readlinkSync(`${folder}/${descriptor}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

function lsofHolder(port: number): number | undefined {
  try {
    const output = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number(output.split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}

/** Lists the ports that `fetch` and browsers block, from 1024: https://fetch.spec.whatwg.org/#port-blocking. */
const BLOCKED_PORTS = [
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  10080,
];

/** Explains that `fetch` blocks a port of the stack; undefined if the port is usable. */
export function blockedPort({ port, setting }: { port: number; setting: string }): string | undefined {
  if (!BLOCKED_PORTS.includes(port)) return undefined;
  return `setting ${setting}: got ${port}, which fetch and browsers block; set ${setting} to another port, or change PORT_OFFSET`;
}

/** Returns a port of the address that is free now. */
export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
