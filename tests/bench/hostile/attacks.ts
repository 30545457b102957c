/** Lists the hostile requests, each scaled to the largest body that the server accepts. */
import type { Socket } from 'node:net';

/** Returns a body of up to this many bytes, so that its length alone does not reject it. */
type MakeBody = (bytes: number) => string;

const TRIP = '"date":"2025-01-15T08:00:00","TMIN":30,"SNOW":0';
const row = (fields: string): string => `{"input_data":[{${fields}}]}`;
/** Repeats `item`, separated by commas, as often as it fits. */
const list = (item: string, bytes: number): string =>
  `${`${item},`.repeat(Math.floor(bytes / (item.length + 1)))}${item}`;
const ROOM = 200;

/** Bodies that are sent completely, again and again. */
export const HOSTILE_BODIES: Readonly<Record<string, MakeBody>> = {
  'many empty rows': (bytes) => `{"input_data":[${list('{}', bytes - ROOM)}]}`,
  'many nulls': (bytes) => `{"input_data":[${list('null', bytes - ROOM)}]}`,
  'many unknown fields': (bytes) =>
    row(
      Array.from(
        { length: Math.floor((bytes - ROOM) / 12) },
        (_, i) => `"f${String(i).padStart(6, '0')}":1`,
      ).join(','),
    ),
  'the same field again and again': (bytes) => row(list('"TMAX":40', bytes - ROOM)),
  'lists in lists': (bytes) => '['.repeat(bytes - ROOM),
  'objects in objects': (bytes) => '{"a":'.repeat(Math.floor((bytes - ROOM) / 5)),
  'a long string': (bytes) => row(`"date":"${'x'.repeat(bytes - ROOM)}"`),
  'a long key': (bytes) => row(`"${'x'.repeat(bytes - ROOM)}":1`),
  'a long number': (bytes) => row(`${TRIP},"TMAX":1${'0'.repeat(bytes - ROOM)}`),
  'an infinite number': () => row(`${TRIP},"TMAX":1e999`),
  'nothing but spaces': (bytes) => `{"input_data":[${' '.repeat(bytes - ROOM)}]}`,
  'rows that are all wrong': (bytes) =>
    `{"input_data":[${list(`{${TRIP},"TMAX":"warm"}`, Math.min(bytes - ROOM, 600_000))}]}`,
};

/** Holds the requests that are sent in part and then stall until the server times out. */
export const SLOW_CALLERS: Readonly<Record<string, (socket: Socket, route: string) => () => void>> = {
  'slow headers': (socket, route) => {
    socket.write(`POST ${route} HTTP/1.1\r\nhost: 127.0.0.1\r\n`);
    return every(() => socket.write('x-slow: 1\r\n'));
  },
  'a slow body': (socket, route) => {
    socket.write(
      `POST ${route} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{"input_data":[`,
    );
    return every(() => socket.write(' '));
  },
};

/** Sets the milliseconds between two fragments of a slow caller. */
const BIT_MS = 1_000;

/** @returns a function that stops the timer. */
function every(send: () => void): () => void {
  const timer = setInterval(send, BIT_MS);
  return () => clearInterval(timer);
}
