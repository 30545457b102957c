import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { stackStatus, type ServiceStatus, type StackStatus } from '../../stack/status.ts';
import { table } from '../table-text.ts';
import { print } from '../print.ts';

export function statusCommand(): Command {
  return new Command('status')
    .description(
      'Shows which services of the local stack run, and where. Exits with 1 unless every started service is ready.',
    )
    .option('--json', 'print one JSON object')
    .action(({ json }: { json?: boolean }) => {
      const status = stackStatus(loadSettings());
      print(json ? `${JSON.stringify(withFormerNames(status), null, 2)}\n` : describe(status));
      if (!status.ok) process.exitCode = 1;
    });
}

/** Adds `parts` and `part`, the former names of services, for scripts that read them. */
function withFormerNames(status: StackStatus): object {
  return { ...status, parts: status.services.map((service) => ({ part: service.name, ...service })) };
}

function describe(status: StackStatus): string {
  const rows = status.services.map((service) => [
    service.name,
    service.state,
    service.pid === null ? '' : String(service.pid),
    service.address ?? '',
    service.uptimeSeconds === null ? '' : duration(service.uptimeSeconds),
    service.memoryBytes === null ? '' : `${Math.round(service.memoryBytes / 1e6)} MB`,
    noteOf(service),
  ]);
  const text = table(['service', 'state', 'pid', 'address', 'up', 'memory', ''], rows);
  return `${text}${status.summary}\n`;
}

function noteOf({ restarts, note }: ServiceStatus): string {
  const again = restarts > 0 ? `restarted ${restarts === 1 ? 'once' : `${restarts} times`}` : '';
  return [again, note?.split('\n')[0]].filter(Boolean).join('; ');
}

/** Formats a duration as "45 s", "12 min", "3 h 20 min" or "2 d 4 h". */
function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  if (hours < 1) return `${minutes} min`;
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
