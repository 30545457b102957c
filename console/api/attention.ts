/** Lists what needs a person: approvals, failures that nothing repaired, drift, and what is stale or missing. */
import type { Queryable } from '../../adapters/postgres/database.ts';
import { newestIssue, summarizeIssue } from '../../adapters/postgres/demand-forecasts.ts';
import { newestDecisions, type NewestDecision } from '../../adapters/postgres/drift-decisions.ts';
import { liveWorkers } from '../../adapters/postgres/worker-processes.ts';
import { isStaleForecast } from '../../contracts/demand-forecast.ts';
import { approvals } from './approvals.ts';
import { groupFailures, unrepaired, type FailureGroup } from './failed-runs.ts';
import { systemRows } from './forecast.ts';
import type { RunEnds } from './run-ends.ts';
import type { AttentionBody, ChampionBody } from './schemas/overview.ts';
import type { RunBody } from './schemas/runs.ts';
import type { Sources } from './sources.ts';
import { webhookState } from './webhook-state.ts';

const MOST_ATTENTION = 20;
/** Limits the failed runs whose reason is read; more of one kind are counted with them. */
const MOST_REASONS = 40;
const MOST_DECISIONS = 50;
const LONGEST_REASON = 2_000;
/** Sets the time after which a drift check is overdue. The schedule checks monthly. */
const CHECK_DUE_MS = 35 * 24 * 60 * 60_000;

interface Asked {
  readonly model: string;
  readonly system: string | undefined;
  /** Newest first. */
  readonly runs: readonly RunBody[];
  readonly champion: ChampionBody | null;
}

export async function attentionOf(sources: Sources, ends: RunEnds, asked: Asked): Promise<AttentionBody[]> {
  const found = await Promise.all([
    approvals(sources, asked.runs),
    failures(ends, asked.runs),
    drift(sources, asked),
    forecast(sources, asked),
    webhook(sources),
  ]);
  const [waiting, ...others] = found;
  const items = [...waiting, ...serving(asked.champion), ...others.flat()];
  const rank = ({ kind }: AttentionBody) => Number(kind === 'rejected-input');
  return items.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_ATTENTION);
}

function serving(champion: ChampionBody | null): AttentionBody[] {
  if (!champion || champion.unknown['served'] !== undefined) return [];
  const { model, version, served } = champion;
  const href = `/models/${encodeURIComponent(model)}/versions/${encodeURIComponent(version)}`;
  if (served.length === 0) return [{ kind: 'not-served', title: `No live process serves ${model}`, href }];
  const others = served.filter((one) => one.version !== version);
  if (others.length === 0) return [];
  const said = others.map((one) => `${one.address} serves ${one.version ? `v${one.version}` : 'no version'}`);
  return [
    {
      kind: 'not-served',
      title: `The champion v${version} is not served everywhere`,
      reason: said.join(', '),
      count: others.length,
      href,
    },
  ];
}

async function failures(ends: RunEnds, runs: readonly RunBody[]): Promise<AttentionBody[]> {
  const failed = unrepaired(runs, Date.now());
  const groups = groupFailures(
    await Promise.all(
      failed.map(async (run, i) => ({ run, end: i < MOST_REASONS ? await ends.get(run) : null })),
    ),
  );
  return groups.map(failureBody);
}

function failureBody({ newest, count, isRejected, code, message }: FailureGroup): AttentionBody {
  const what = newest.system ? `${newest.type} of ${newest.system}` : newest.type;
  const verb = isRejected ? 'rejected its input' : newest.state === 'timed-out' ? 'timed out' : 'failed';
  const where = isRejected || newest.stage === undefined ? '' : ` at ${newest.stage}`;
  const reason = [code, message].filter(Boolean).join(': ').slice(0, LONGEST_REASON);
  return {
    kind: isRejected ? 'rejected-input' : 'failed-run',
    title: `${what[0]!.toUpperCase()}${what.slice(1)} ${verb}${where}`,
    ...(reason ? { reason } : {}),
    count,
    href: hrefOf(newest),
    at: newest.closedAt ?? newest.startedAt,
  };
}

async function drift(
  { upstreams, database }: Sources,
  { system, champion }: Asked,
): Promise<AttentionBody[]> {
  const decisions = await upstreams.ask('postgres', () =>
    newestDecisions(database, MOST_DECISIONS, system === undefined ? {} : { system }),
  );
  if (!decisions) return [];
  const newest = [...Map.groupBy(decisions, (each) => each.system).values()].map(([first]) => first!);
  return [
    ...newest.filter(({ decision }) => decision !== 'keep').map(driftBody),
    ...overdue(newest, champion),
  ];
}

function driftBody({ decision, system, reasons, recordedAt }: NewestDecision): AttentionBody {
  return {
    kind: decision === 'alert' ? 'alert' : 'drift',
    title: `Drift of ${system}: ${decision}`,
    ...(reasons[0] ? { reason: reasons[0].slice(0, LONGEST_REASON) } : {}),
    href: `/drift?system=${encodeURIComponent(system)}`,
    at: recordedAt.toISOString(),
  };
}

function overdue(newest: readonly NewestDecision[], champion: ChampionBody | null): AttentionBody[] {
  if (!champion) return [];
  const last = Math.max(...newest.map(({ recordedAt }) => recordedAt.getTime()));
  if (Date.now() - last < CHECK_DUE_MS) return [];
  const href = '/new-run?type=monitoring';
  if (!Number.isFinite(last)) return [{ kind: 'no-drift-check', title: 'No drift check has run', href }];
  const at = new Date(last).toISOString();
  return [{ kind: 'no-drift-check', title: 'No drift check for more than 35 days', href, at }];
}

async function forecast(
  { upstreams, database }: Sources,
  { model, system, champion }: Asked,
): Promise<AttentionBody[]> {
  if (!champion) return [];
  const found = await upstreams.ask('postgres', () => newestForecast(database, model, system));
  if (!found) return [];
  const { issue } = found;
  const href = '/forecast';
  if (!issue) return [{ kind: 'stale-forecast', title: `No forecast of ${model}`, href }];
  if (!isStaleForecast(issue, Date.now())) return [];
  const title = `Forecast of ${issue.system} is stale`;
  const reason =
    issue.provider === 'climatology'
      ? 'No weather forecast could be read, so it uses the usual weather of the season. The outcome of its run says why.'
      : 'The newest issue is older than a day.';
  return [{ kind: 'stale-forecast', title, reason, href, at: issue.issuedAt }];
}

async function newestForecast(db: Queryable, model: string, system: string | undefined) {
  const key = await newestIssue(db, model, { systems: systemRows(system) });
  const summary = key && (await summarizeIssue(db, model, key));
  return { issue: summary && { ...summary, system: key.system } };
}

async function webhook({ upstreams, database }: Sources): Promise<AttentionBody[]> {
  const state = webhookState(await upstreams.ask('postgres', () => liveWorkers(database)));
  if (state !== 'unset' && state !== 'partly-set') return [];
  const title = state === 'unset' ? 'No webhook is set' : 'Some workers have no webhook';
  const reason =
    'Failed runs, alerts and promotions are shown only here. Set WEBHOOK_URL for the worker, then restart it.';
  return [{ kind: 'no-webhook', title, reason, href: '/schedules' }];
}

function hrefOf(run: RunBody): string {
  return `/runs/${encodeURIComponent(run.workflowId)}?run=${encodeURIComponent(run.runId)}`;
}
