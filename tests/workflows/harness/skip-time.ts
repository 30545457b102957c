/**
 * Intercepts workflows of the tests: timers end at once, and the workflow's clock advances by their duration.
 * The SDK's own time skipping needs a second server, which the stack does not install.
 */
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** Timers of this length or more wait until a test ends them, as for the approval of a person. */
const NEVER_SKIPPED_MS = 30 * 86_400_000;

export const interceptors: WorkflowInterceptorsFactory = () => {
  let skippedMs = 0;
  const Clock = globalThis.Date;
  const now = () => Clock.now() + skippedMs;
  function SkippingDate(...args: []): Date {
    return args.length > 0 ? new Clock(...args) : new Clock(now());
  }
  globalThis.Date = Object.assign(SkippingDate, {
    now,
    parse: Clock.parse,
    UTC: Clock.UTC,
    prototype: Clock.prototype,
  }) as unknown as DateConstructor;
  return {
    outbound: [
      {
        async startTimer(input, next) {
          if (input.durationMs >= NEVER_SKIPPED_MS) await next(input);
          else skippedMs += input.durationMs;
        },
      },
    ],
  };
};
