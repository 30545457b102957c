/** Reconciles the schedules in Temporal with inputs/schedules.yaml: creates, updates and keeps them. */
import path from 'node:path';
import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import { Type, type Static } from 'typebox';
import type { Systems } from '../adapters/systems/system-files.ts';
import { readYaml } from '../adapters/yaml/read-yaml.ts';
import { DAY_MS, HOUR_MS } from '../contracts/calendar.ts';
import {
  assertFits,
  assertNoProblems,
  inputProblem,
  type InputProblem,
} from '../contracts/input-problems.ts';
import { parseNewInput } from '../contracts/new-input.ts';
import { TASK_QUEUE } from '../contracts/task-queues.ts';
import { PROJECT_DIR } from '../settings.ts';
import { knownSystems } from './system-option.ts';

const MINUTE_MS = 60_000;

const ScheduleConfig = Type.Object(
  {
    workflow: Type.Union([Type.Literal('monitoring'), Type.Literal('forecast')], {
      description: "'monitoring' or 'forecast'",
    }),
    calendar: Type.Optional(
      Type.Object(
        {
          dayOfMonth: Type.Integer({ minimum: 1, maximum: 28, description: 'a day from 1 to 28' }),
          hour: Type.Integer({ minimum: 0, maximum: 23, description: 'an hour from 0 to 23' }),
          minute: Type.Integer({ minimum: 0, maximum: 59, description: 'a minute from 0 to 59' }),
        },
        { additionalProperties: false, description: 'dayOfMonth, hour and minute' },
      ),
    ),
    timezone: Type.Optional(Type.String({ description: 'an IANA time zone' })),
    catchupWindowDays: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 365, description: 'days from 1 to 365' }),
    ),
    /** Replaces calendar, time zone and days. A run that is due while another one runs, or long ago, is skipped. */
    every: Type.Optional(
      Type.Object(
        {
          hours: Type.Integer({ minimum: 1, maximum: 24, description: 'hours from 1 to 24' }),
          offsetMinutes: Type.Integer({ minimum: 0, maximum: 59, description: 'minutes from 0 to 59' }),
        },
        { additionalProperties: false, description: 'hours and offsetMinutes' },
      ),
    ),
    input: Type.Record(Type.String(), Type.Unknown(), { description: "the workflow's input" }),
  },
  { additionalProperties: false },
);
type ScheduleConfig = Static<typeof ScheduleConfig>;
export const Schedules = Type.Record(Type.String(), ScheduleConfig);

const SCHEDULES_FILE = path.join(PROJECT_DIR, 'inputs', 'schedules.yaml');

/**
 * Reads and checks the file.
 * @throws CitibikeError INVALID_INPUT that names wrong fields, also those of the inputs and unknown systems.
 */
export async function readSchedules(
  file = SCHEDULES_FILE,
  systems: Pick<Systems, 'ids'> = knownSystems(),
): Promise<Record<string, ScheduleConfig>> {
  const { content, lineOf } = await readYaml(file, 'schedules');
  assertFits(
    `schedules in ${file} are`,
    Schedules,
    content,
    (schedules) => Object.entries(schedules).flatMap(([id, config]) => timeProblems(id, config)),
    {},
    lineOf,
  );
  const known = await systems.ids();
  for (const [id, { workflow, input }] of Object.entries(content)) {
    const { system } = parseNewInput(workflow, input, `schedule ${id}`) as { readonly system: string };
    const wanted = `one of ${known.join(', ')}. Correct the id, or add ${system}.yaml to the folder of the setting SYSTEMS_DIR`;
    const problems = known.includes(system) ? [] : [inputProblem('system', system, wanted)];
    assertNoProblems(`input of schedule ${id} is`, problems);
  }
  return content;
}

/** Finds schedules that have both a calendar and an interval, or neither as a whole. */
function timeProblems(
  id: string,
  { calendar, timezone, catchupWindowDays, every }: ScheduleConfig,
): InputProblem[] {
  const ofCalendar = { calendar, timezone, catchupWindowDays };
  return Object.entries(ofCalendar).flatMap(([name, value]) => {
    if (every && value !== undefined) return [inputProblem(`${id}.${name}`, value, 'nothing beside every')];
    return every || value !== undefined
      ? []
      : [inputProblem(`${id}.${name}`, value, 'calendar, timezone and catchupWindowDays, or every')];
  });
}

export interface AppliedSchedule {
  readonly id: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
}

/**
 * Applies the file.
 * @returns what changed for each schedule.
 */
export async function applySchedules(
  client: Client,
  schedules: Record<string, ScheduleConfig>,
): Promise<AppliedSchedule[]> {
  const outcomes: AppliedSchedule[] = [];
  for (const [id, config] of Object.entries(schedules)) {
    outcomes.push({ id, outcome: await applyOne(client, id, config) });
  }
  return outcomes;
}

async function applyOne(
  client: Client,
  id: string,
  config: ScheduleConfig,
): Promise<AppliedSchedule['outcome']> {
  const wanted = {
    ...timesOf(config),
    action: {
      type: 'startWorkflow' as const,
      workflowType: config.workflow,
      taskQueue: TASK_QUEUE,
      args: [config.input],
    },
  };
  const handle = client.schedule.getHandle(id);
  let before = '';
  try {
    await handle.update((previous): ScheduleUpdateOptions => {
      before = definitionOf(previous);
      return { ...wanted, state: previous.state };
    });
    // Temporal stores another form of the same times, so only its own descriptions can be compared.
    return definitionOf(await handle.describe()) === before ? 'unchanged' : 'updated';
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
  await client.schedule.create({ scheduleId: id, ...wanted });
  return 'created';
}

function definitionOf({ spec, policies, action }: ScheduleDescription): string {
  return JSON.stringify([spec, policies, action]);
}

/** Returns when a schedule starts runs, and which it starts late. */
function timesOf({
  calendar,
  timezone,
  catchupWindowDays = 0,
  every,
}: ScheduleConfig): Pick<ScheduleOptions, 'spec' | 'policies'> {
  if (every) {
    const interval = every.hours * HOUR_MS;
    return {
      spec: { intervals: [{ every: interval, offset: every.offsetMinutes * MINUTE_MS }] },
      // A run does what one that is due at the same time would do, so none is made up for.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: interval },
    };
  }
  return {
    spec: { calendars: calendar ? [calendar] : [], ...(timezone ? { timezone } : {}) },
    // SKIP would lose a month whose predecessor still waits for a late archive or an approval.
    policies: { overlap: ScheduleOverlapPolicy.BUFFER_ALL, catchupWindow: catchupWindowDays * DAY_MS },
  };
}
