/** Serves GET /api/events: changes as server-sent events. One poll of Temporal serves all listeners. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { messageOf } from '../../../contracts/errors.ts';
import { pushEvent } from '../push-event.ts';
import type { RunBody } from '../schemas/runs.ts';
import { UPSTREAMS } from '../upstreams/upstreams.ts';

const LOOK_MS = 2_000;
/** Sets the number of polls between two checks of all servers. Servers that are down are checked on every poll. */
const LOOKS_A_CHECK = 5;
/** Sets the milliseconds between heartbeats. A stream whose token was revoked ends within this time too. */
const HEARTBEAT_MS = 5_000;
const MOST_LISTENERS = 100;
/** Limits the number of running runs with progress, each of which costs a query to its worker. */
const MOST_PROGRESS = 50;

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { upstreams, runs, temporal, registry } = app.sources;
  const listeners = new Set<FastifyReply>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let looks = 0;
  let lastStatus = '';
  let lastProgress = new Map<string, string>();

  runs.onChange((changed) => {
    // A promotion moves aliases, so the pages that this event refreshes must not get the cached ones.
    if (changed.some(({ type, state }) => type === 'promotion' && state !== 'running')) registry.expire();
    send('runs', changed);
  });

  app.get(
    '/api/events',
    {
      config: { access: 'read' },
      // A HEAD request would never end.
      exposeHeadRoute: false,
      schema: {
        tags: ['operations'],
        summary: 'Changes as server-sent events: runs, progress, status',
        produces: ['text/event-stream'],
      },
    },
    (request, reply) => {
      if (listeners.size >= MOST_LISTENERS)
        throw new HttpProblem(503, 'upstream-unavailable', 'Too many pages are listening; close some.', {
          retryAfter: 30,
        });
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      reply.raw.write(`retry: 3000\n\n${eventOf('status', statusNow())}`);
      listeners.add(reply);
      timer ??= setInterval(() => void look(), LOOK_MS);
      const heartbeat = setInterval(() => void beat(request, reply), HEARTBEAT_MS);
      reply.raw.once('close', () => {
        clearInterval(heartbeat);
        listeners.delete(reply);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      });
    },
  );

  app.addHook('preClose', async () => {
    clearInterval(timer);
    for (const { raw } of listeners) raw.end();
  });

  async function beat(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      const mayRead = await app.mayRead(request);
      if (reply.raw.writableEnded) return;
      if (mayRead) return void reply.raw.write(': here\n\n');
      listeners.delete(reply);
      reply.raw.end();
    } catch (error) {
      // While Postgres is unavailable, existing listeners stay and new ones are rejected.
      request.log.warn({ failure: messageOf(error) }, 'live updates: a listener could not be checked');
    }
  }

  async function look(): Promise<void> {
    // A slow poll is not started twice.
    if (looking) return;
    looking = true;
    try {
      const isDue = looks++ % LOOKS_A_CHECK === 0;
      await upstreams.check(UPSTREAMS.filter((name) => isDue || upstreams.isDown(name)));
      const all = await upstreams.ask('temporal', () => runs.runs());
      const status = JSON.stringify(statusNow().states);
      if (status !== lastStatus) send('status', statusNow());
      lastStatus = status;
      if (all) await sendProgress(all.filter(({ state }) => state === 'running').slice(0, MOST_PROGRESS));
    } catch (error) {
      app.log.warn({ err: error }, 'live updates: a poll failed');
    } finally {
      looking = false;
    }
  }

  async function sendProgress(running: readonly RunBody[]): Promise<void> {
    const now = new Map<string, string>();
    await Promise.all(
      running.map(async ({ workflowId, runId }) => {
        const progress = await temporal.progress(workflowId, runId);
        if (!progress) return;
        const text = JSON.stringify({ workflowId, runId, ...progress });
        now.set(`${workflowId} ${runId}`, text);
      }),
    );
    for (const [key, text] of now)
      if (lastProgress.get(key) !== text) send('progress', JSON.parse(text) as unknown);
    lastProgress = now;
  }

  function statusNow() {
    const body = upstreams.bodyOf(...UPSTREAMS);
    return { upstreams: body, states: Object.entries(body).map(([name, { state }]) => `${name} ${state}`) };
  }

  function send(event: string, data: unknown): void {
    const text = eventOf(event, data);
    for (const { raw } of listeners) pushEvent(raw, text);
  }
};

export default routes;

/** Formats an event. JSON contains no line break, so one `data` line is enough. */
function eventOf(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
