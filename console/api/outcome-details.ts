/** Adds to an outcome what its links lead to and the result of the run does not contain. */
import { readForecast } from '../../adapters/postgres/demand-forecasts.ts';
import { driftedColumns } from '../../adapters/postgres/drifted-columns.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import {
  amount,
  counted,
  listed,
  share,
  type Outcome,
  type OutcomeFact,
  type OutcomeLink,
} from '../../contracts/outcome.ts';
import { RejectedRides } from './rejected-rides.ts';
import type { Sources } from './sources.ts';
import { UnreadableFiles } from './upstreams/registry-source.ts';

/** A page of a run does not wait longer for facts that its result does not contain. */
const TIMEOUT_MS = 1_500;

type Details = Pick<Outcome, 'facts' | 'links'>;
type Link<Kind> = Extract<OutcomeLink, { kind: Kind }>;

export class OutcomeDetails {
  readonly #sources: Sources;
  readonly #rides: RejectedRides;

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#rides = new RejectedRides(sources.storage);
  }

  /** Returns the details of every link. A server that does not answer leaves its details out. */
  async of(links: readonly OutcomeLink[]): Promise<Details> {
    const found = await Promise.all(
      links.map((link) =>
        this.#detailsOf(link).catch((error: unknown): Partial<Details> => {
          // A page shows the run also after retention has removed what it made.
          if (error instanceof CitibikeError || error instanceof UnreadableFiles) return {};
          throw error;
        }),
      ),
    );
    return {
      facts: found.flatMap(({ facts = [] }) => facts),
      links: found.flatMap(({ links: further = [] }) => further),
    };
  }

  async #detailsOf(link: OutcomeLink): Promise<Partial<Details>> {
    switch (link.kind) {
      case 'experiment':
        return { links: await evaluationPage(this.#sources, link) };
      case 'forecast':
        return { facts: await nextPeak(this.#sources, link) };
      case 'drift':
        return { facts: await columns(this.#sources, link) };
      case 'artifact':
        return link.label === 'data set' ? { facts: await this.#rejected(link) } : {};
      default:
        return {};
    }
  }

  async #rejected({ uri }: Link<'artifact'>): Promise<OutcomeFact[]> {
    const counts = await this.#sources.upstreams.ask('s3', () => this.#rides.of(uri), TIMEOUT_MS);
    if (!counts) return [];
    const { rows, rejected } = counts;
    const part = share(rows > 0 ? rejected / rows : 0);
    return [{ name: 'rejected rides', value: `${amount(rejected)} of ${counted(rows, 'row')} (${part})` }];
  }
}

async function evaluationPage(
  { upstreams, registry }: Sources,
  { runId }: Link<'experiment'>,
): Promise<OutcomeLink[]> {
  const files = await upstreams.ask('mlflow', () => registry.files(runId), TIMEOUT_MS);
  const page = files?.artifacts.find(({ path }) => path === 'evaluation.html');
  return page ? [{ kind: 'artifact', label: 'evaluation report', uri: page.uri }] : [];
}

async function nextPeak(
  { upstreams, database }: Sources,
  { system, model, issuedAt }: Link<'forecast'>,
): Promise<OutcomeFact[]> {
  const forecast = await upstreams.ask(
    'postgres',
    () => readForecast(database, model, { system, issuedAt: new Date(issuedAt) }),
    TIMEOUT_MS,
  );
  const day = forecast?.hours.slice(0, 24) ?? [];
  const [peak] = [...day].sort((a, b) => b.prediction - a.prediction);
  if (!peak) return [];
  const at = `${peak.date} ${String(peak.hour).padStart(2, '0')}:00`;
  return [
    {
      name: 'peak of the first day',
      value: `${amount(Math.round(peak.prediction))} trips/h at ${at} local time`,
    },
  ];
}

async function columns({ upstreams, database }: Sources, { report }: Link<'drift'>): Promise<OutcomeFact[]> {
  const drifted = await upstreams.ask('postgres', () => driftedColumns(database, report), TIMEOUT_MS);
  if (!drifted) return [];
  const texts = drifted.map(({ column, weeks }) => `${column} (${counted(weeks, 'week')})`);
  return [{ name: 'drifted columns', value: listed(texts, 8) ?? 'none' }];
}
