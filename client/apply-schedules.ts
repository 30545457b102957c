/** Reconciles the schedules in Temporal with inputs/schedules.yaml: creates, updates and keeps them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import { Type, type Static } from 'typebox';
import { parse as parseYaml } from 'yaml';
import { parseNewInput } from '../contracts/new-input.ts';
import { assertFits } from '../contracts/input-problems.ts';
import { TASK_QUEUE } from '../contracts/task-queues.ts';
import { PROJECT_DIR } from '../settings.ts';

const ScheduleConfig = Type.Object(
  {
    workflow: Type.Literal('monitoring', { description: "'monitoring'" }),
    calendar: Type.Object(
      {
        dayOfMonth: Type.Integer({ minimum: 1, maximum: 28, description: 'a day from 1 to 28' }),
        hour: Type.Integer({ minimum: 0, maximum: 23, description: 'an hour from 0 to 23' }),
        minute: Type.Integer({ minimum: 0, maximum: 59, description: 'a minute from 0 to 59' }),
      },
      { additionalProperties: false, description: 'dayOfMonth, hour and minute' },
    ),
    timezone: Type.String({ description: 'an IANA time zone' }),
    catchupWindowDays: Type.Integer({ minimum: 1, maximum: 365, description: 'days from 1 to 365' }),
    input: Type.Record(Type.String(), Type.Unknown(), { description: "the workflow's input" }),
  },
  { additionalProperties: false },
);
type ScheduleConfig = Static<typeof ScheduleConfig>;
export const Schedules = Type.Record(Type.String(), ScheduleConfig);

const SCHEDULES_FILE = path.join(PROJECT_DIR, 'inputs', 'schedules.yaml');

export async function readSchedules(file = SCHEDULES_FILE): Promise<Record<string, ScheduleConfig>> {
  const content: unknown = parseYaml(await readFile(file, 'utf8'));
  assertFits(`schedules in ${file} are`, Schedules, content);
  for (const [id, { workflow, input }] of Object.entries(content))
    parseNewInput(workflow, input, `schedule ${id}`);
  return content;
}

/**
 * Applies the file.
 * @returns what changed for each schedule.
 */
export async function applySchedules(
  client: Client,
  schedules: Record<string, ScheduleConfig>,
): Promise<{ id: string; outcome: 'created' | 'updated' }[]> {
  const outcomes: { id: string; outcome: 'created' | 'updated' }[] = [];
  for (const [id, config] of Object.entries(schedules)) {
    outcomes.push({ id, outcome: await applyOne(client, id, config) });
  }
  return outcomes;
}

async function applyOne(client: Client, id: string, config: ScheduleConfig): Promise<'created' | 'updated'> {
  const wanted = {
    spec: { calendars: [config.calendar], timezone: config.timezone },
    action: {
      type: 'startWorkflow' as const,
      workflowType: config.workflow,
      taskQueue: TASK_QUEUE,
      args: [config.input],
    },
    policies: {
      // SKIP would lose a month whose predecessor still waits for a late archive or an approval.
      overlap: ScheduleOverlapPolicy.BUFFER_ALL,
      catchupWindow: config.catchupWindowDays * 24 * 60 * 60 * 1000,
    },
  };
  try {
    await client.schedule
      .getHandle(id)
      .update((previous): ScheduleUpdateOptions => ({ ...wanted, state: previous.state }));
    return 'updated';
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
  await client.schedule.create({ scheduleId: id, ...wanted });
  return 'created';
}
