/** Logs of the services: one line of JSON an event, without secrets, and bounded. */
import { pino, type DestinationStream, type Logger } from 'pino';
import { CitibikeError, framesOf, messageOf } from '../../contracts/errors.ts';
import { bytesOf, outgoingText } from '../../contracts/outgoing-text.ts';
import { isSecretName } from '../../contracts/secret-names.ts';
import { boundedField } from '../../contracts/show-value.ts';

/** Of one field of a line. */
const MOST_FIELD = 500;
/** Of all fields; what does not fit is left out. */
const MOST_BYTES = 1_800;

/** Methods, routes and messages come again and again: what was found of each. */
const seen = new Map<string, string>();
const MOST_SEEN = 1_000;
const LONGEST_SEEN = 64;

/** @param destination the standard output unless told. */
export function serviceLog(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service, pid: process.pid },
    hooks: {
      logMethod(this: Logger, args: unknown[], method: (...values: unknown[]) => void): void {
        method.apply(this, args.map(outgoing));
      },
    },
    // A query may hold what the caller did not mean to be kept.
    serializers: {
      req: ({ method, url }: { method?: string; url?: string }) => ({
        method,
        path: outgoingText((url ?? '').split('?')[0]!, MOST_FIELD),
      }),
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

function outgoing(argument: unknown): unknown {
  if (typeof argument === 'string') return textOf(argument, 2 * MOST_FIELD);
  if (argument instanceof Error) return { err: errorFields(argument), msg: messageOf(argument) };
  if (typeof argument !== 'object' || argument === null) return argument;
  const fields: Record<string, unknown> = {};
  let room = MOST_BYTES;
  for (const name in argument) {
    const field = fieldOf(name, (argument as Record<string, unknown>)[name], Math.min(room, MOST_FIELD));
    if (typeof field !== 'number')
      room -= name.length + (typeof field === 'string' ? bytesOf(field) : MOST_FIELD);
    if (room < 0) break;
    fields[name] = field;
  }
  return fields;
}

function fieldOf(name: string, value: unknown, mostBytes: number): unknown {
  if (typeof value === 'string') return isSecretName(name) ? '***' : textOf(value, mostBytes);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return errorFields(value);
  // Requests and answers have serializers of their own.
  return name === 'req' || name === 'res' ? value : boundedField(name, value, Math.floor(mostBytes / 3));
}

function textOf(text: string, mostBytes: number): string {
  if (text.length > LONGEST_SEEN) return outgoingText(text, mostBytes);
  const known = seen.get(text);
  if (known !== undefined) return known;
  const safe = outgoingText(text);
  if (seen.size < MOST_SEEN) seen.set(text, safe);
  return safe;
}

/** Outermost first: what pino's own serializer joins into one text without a bound. */
function errorFields(error: Error): Record<string, unknown> {
  const causes: string[] = [];
  for (let here = error.cause; here !== undefined && causes.length < 3; here = here.cause) {
    causes.push(textOf(messageOf(here), MOST_FIELD / 2));
    if (!(here instanceof Error)) break;
  }
  return {
    type: error.name.slice(0, 80),
    ...(error instanceof CitibikeError ? { code: error.code } : {}),
    message: textOf(messageOf(error), MOST_FIELD),
    stack: framesOf(error, MOST_FIELD),
    ...(causes.length > 0 ? { causes } : {}),
  };
}
