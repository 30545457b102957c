import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { stackStatus, type PartStatus, type StackStatus } from '../../stack/status.ts';
import { table } from '../table.ts';
import { print } from '../print.ts';

export function statusCommand(): Command {
  return new Command('status')
    .description(
      'Says what of the local stack runs, and where. Exits with 1 unless everything that was started is ready.',
    )
    .option('--json', 'as one JSON object')
    .action(({ json }: { json?: boolean }) => {
      const status = stackStatus(loadSettings());
      print(json ? `${JSON.stringify(status, null, 2)}\n` : describe(status));
      if (!status.ok) process.exitCode = 1;
    });
}

function describe(status: StackStatus): string {
  const rows = status.parts.map((part) => [
    part.part,
    part.state,
    part.pid === null ? '' : String(part.pid),
    part.address ?? '',
    part.uptimeSeconds === null ? '' : duration(part.uptimeSeconds),
    part.memoryBytes === null ? '' : `${Math.round(part.memoryBytes / 1e6)} MB`,
    noteOf(part),
  ]);
  const text = table(['part', 'state', 'pid', 'address', 'up', 'memory', ''], rows);
  return `${text}${status.summary}\n`;
}

function noteOf({ restarts, note }: PartStatus): string {
  const again = restarts > 0 ? `started again ${restarts === 1 ? 'once' : `${restarts} times`}` : '';
  return [again, note?.split('\n')[0]].filter(Boolean).join('; ');
}

/** "45 s", "12 min", "3 h 20 min", "2 d 4 h" */
function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  if (hours < 1) return `${minutes} min`;
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
