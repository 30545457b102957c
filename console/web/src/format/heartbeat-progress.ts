/** Reads the progress from an activity's heartbeat: epochs, bytes or items. */
import { bytes, number } from './numbers.ts';

interface HeartbeatProgress {
  /** 0 to 1; undefined where the total is unknown. */
  readonly share: number | undefined;
  readonly text: string;
}

/** @param heartbeat details of the last heartbeat, or a list that begins with them. */
export function progressOf(heartbeat: unknown): HeartbeatProgress | undefined {
  const said = (Array.isArray(heartbeat) ? heartbeat[0] : heartbeat) as
    Record<string, unknown> | null | undefined;
  if (typeof said !== 'object' || said === null) return undefined;
  const epoch = numberIn(said, 'epoch');
  const epochs = numberIn(said, 'epochs');
  if (epoch !== undefined && epochs) {
    const loss = numberIn(said, 'loss');
    const [trials, trained] = [numberIn(said, 'total'), numberIn(said, 'done')];
    // In a search, each trial has its own epochs.
    const trial = trials
      ? `trial ${number(Math.min(trials, (trained ?? 0) + 1))} of ${number(trials)}, `
      : '';
    return {
      share: trials ? Math.min(1, ((trained ?? 0) + epoch / epochs) / trials) : epoch / epochs,
      text: `${trial}epoch ${number(epoch)} of ${number(epochs)}${loss === undefined ? '' : `, loss ${number(loss)}`}`,
    };
  }
  const done = numberIn(said, 'bytes') ?? numberIn(said, 'bytesDone');
  if (done !== undefined) {
    const whole = numberIn(said, 'totalBytes') ?? numberIn(said, 'bytesTotal') ?? numberIn(said, 'total');
    return {
      share: whole ? done / whole : undefined,
      text: whole ? `${bytes(done)} of ${bytes(whole)}` : bytes(done),
    };
  }
  const items = numberIn(said, 'done');
  const total = numberIn(said, 'total');
  if (items !== undefined && total)
    return { share: items / total, text: `${number(items)} of ${number(total)}` };
  return undefined;
}

function numberIn(said: Record<string, unknown>, name: string): number | undefined {
  const value = said[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
