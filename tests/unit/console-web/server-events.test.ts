import { expect, it } from 'vitest';
import { EventParser } from '../../../console/web/src/api/server-events.ts';

it('joins an event that arrives in pieces', () => {
  const parser = new EventParser();
  expect(parser.push('event: runs\nda')).toEqual([]);
  expect(parser.push('ta: {"a":1}\n\nevent: x')).toEqual([{ event: 'runs', data: '{"a":1}' }]);
});

it('ignores heartbeats', () => {
  expect(new EventParser().push(': still here\n\n')).toEqual([]);
});

it('joins lines of data and calls an event without a name a message', () => {
  expect(new EventParser().push('data: a\r\ndata: b\r\n\r\n')).toEqual([{ event: 'message', data: 'a\nb' }]);
});
