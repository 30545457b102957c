/**
 * A workflow interceptor of the tests. Timers end at once, and the workflow's clock moves on by what they skipped. The SDK's own time
 * skipping needs a second server, which the stack does not install.
 */
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** A timer of this length or more waits for a test to end it, as for the approval of a person. */
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
