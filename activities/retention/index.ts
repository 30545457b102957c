/** Creates the activities of the stage `retention`. */
import path from 'node:path';
import { Context } from '@temporalio/activity';
import type { RemovalHeartbeat, RetentionActivities } from '../../contracts/activities/retention.ts';
import { whileHeartbeating } from '../common/heartbeat.ts';
import { withTempDir } from '../common/temp-dir.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { cutoffsOf } from '../../core/retention/cutoffs.ts';
import { noObjects } from '../../contracts/retained-counts.ts';
import { KeptObjects } from './kept-objects.ts';
import { LiveRoots } from './live-roots.ts';
import { writePlan } from './plan-retention.ts';
import { NOTHING_REMOVED, removeObjects } from './remove-planned.ts';

const SCHEMA_VERSION = 1;

type Dependencies = Pick<ActivityDependencies, 'artifacts' | 'mlflow' | 'codeVersion'>;

/** @param now returns the time; tests let objects age with it. */
export function createRetentionActivities(
  deps: Dependencies,
  now: () => Date = () => new Date(),
): RetentionActivities {
  const { objects } = deps.artifacts;
  return {
    planRetention: async (limits) => {
      const context = Context.current();
      const { cancellationSignal: signal } = context;
      const roots = new LiveRoots(deps, context.client);
      const kept = new KeptObjects(objects, roots);
      let planned = noObjects();
      const details = () => ({ kept: kept.size, planned });
      return whileHeartbeating(context, details, () =>
        withTempDir(async (dir) => {
          const file = path.join(dir, 'plan.jsonl');
          await kept.refresh();
          const cutoffs = cutoffsOf(limits, now(), roots.oldestOpenStart);
          await kept.markListed(cutoffs, () => signal.throwIfAborted());
          await writePlan(objects, kept, cutoffs, file, (counts) => {
            signal.throwIfAborted();
            planned = counts;
          });
          const plan = await deps.artifacts.write(producerOf('retention', deps.codeVersion), {
            name: 'plan.jsonl',
            content: { file },
            contentType: 'application/jsonl',
            schemaVersion: SCHEMA_VERSION,
            rows: Object.values(planned).reduce((sum, count) => sum + count.objects, 0),
            inputs: [],
            parameters: { ...limits, cutoffs },
            facts: { ...planned },
            synthetic: false,
          });
          return { plan, planned, cutoffs };
        }),
      );
    },

    removePlanned: async ({ plan, cutoffs, kinds }) => {
      const context = Context.current();
      const { cancellationSignal: signal } = context;
      let state = (context.info.heartbeatDetails as RemovalHeartbeat | undefined) ?? NOTHING_REMOVED;
      return whileHeartbeating(
        context,
        () => ({ ...state }),
        () =>
          withTempDir(async (dir) => {
            const file = path.join(dir, 'plan.jsonl');
            await deps.artifacts.readToFile(plan, file);
            const kept = new KeptObjects(objects, new LiveRoots(deps, context.client));
            await kept.refresh();
            await kept.markListed(cutoffs, () => signal.throwIfAborted());
            const { removed, spared } = await removeObjects(objects, kept, file, kinds, state, (reached) => {
              state = reached;
              signal.throwIfAborted();
            });
            return { removed, spared };
          }),
      );
    },
  };
}
