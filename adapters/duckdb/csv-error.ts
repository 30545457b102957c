import { messageOf } from '../../contracts/errors.ts';
import { badArchive, type BadArchivePlace } from '../sources/bad-archive.ts';
import { knownAccident } from './ride-header.ts';

/** DuckDB names line and row in its message; ours says what it means. */
export function asBadArchive(error: unknown, place: BadArchivePlace): unknown {
  const message = messageOf(error);
  const match = /CSV Error on Line: (\d+)\s+(?:Original Line:\s*)?([^\n]*)\n([\s\S]*)/.exec(message);
  if (!match) return error;
  const [, line, original = '', rest = ''] = match;
  const accident = knownAccident(original);
  const reason =
    accident ??
    `${rest.trim().split('\n')[0]?.replace(/\.$/, '') ?? 'unreadable'}: ${JSON.stringify(original.slice(0, 80))}`;
  return badArchive({ ...place, line: Number(line) }, reason, error);
}
