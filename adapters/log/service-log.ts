/** Writes logs of the services: one bounded line of JSON per event, without secrets. */
import { pino, type DestinationStream, type Logger } from 'pino';
import { CitibikeError, framesOf, messageOf } from '../../contracts/errors.ts';
import { bytesOf, outgoingText } from '../../contracts/outgoing-text.ts';
import { isSecretName } from '../../contracts/secret-names.ts';
import { boundedField } from '../../contracts/show-value.ts';

/** Limits the size in bytes of one field of a line. */
const MOST_FIELD = 500;
/** Limits the size in bytes of all fields of a line; the rest is dropped. */
const MOST_BYTES = 1_800;

/** Holds the redacted texts by original, because methods, routes and messages repeat. */
const seen = new Map<string, string>();
const MOST_SEEN = 1_000;
const LONGEST_SEEN = 64;

/** Creates the logger of a service. @param destination defaults to standard output. */
export function serviceLog(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service, pid: process.pid },
    hooks: {
      logMethod(this: Logger, args: unknown[], method: (...values: unknown[]) => void): void {
        method.apply(this, args.map(outgoing));
      },
    },
    // A query may hold values that the caller wants to keep private.
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
  // Requests and responses have their own serializers.
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

/**
 * Returns the fields of an error, outermost cause first. Pino's own serializer joins the causes into one text
 * without a bound.
 */
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
