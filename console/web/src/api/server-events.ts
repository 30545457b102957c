/** Reads server-sent events with `fetch`, because EventSource cannot send the token. */

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** Splits a stream of text into events and buffers an incomplete one. */
export class EventParser {
  #rest = '';

  push(text: string): ServerEvent[] {
    this.#rest = (this.#rest + text).replaceAll('\r\n', '\n');
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => {
      const event = parseBlock(block);
      return event ? [event] : [];
    });
  }
}

/** Returns undefined for a block of comments, which is a heartbeat. */
function parseBlock(block: string): ServerEvent | undefined {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) event = line.slice(6).trim();
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
  }
  return data.length > 0 ? { event, data: data.join('\n') } : undefined;
}
