import { Link } from 'wouter';
import { ruleSetOf, type StoredRuleSet } from '../../../../../contracts/stored-names.ts';
import type { Exploration, MonthState } from '../../api/bodies.ts';
import { address } from '../../format/addresses.ts';
import { number, compactNumber } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { StateBadge, StateIcon } from '../../ui/state-badge.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { ReportLink } from '../../ui/uri-link.tsx';
import { SystemChoice } from '../../panels/system-choice.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { useData } from './queries.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const STATES = ['processed', 'provisional', 'fetched', 'quarantined', 'missing'] as const;

/** Shows the months of each system as a calendar. */
export function Data() {
  const [fields, change] = useSearchFields();
  const system = fields.get('system') ?? '';
  const query = useData();
  return (
    <>
      <PageHead
        title="Data"
        actions={
          <>
            <SystemChoice value={system} none="all" onChange={(chosen) => change({ system: chosen })} />
            <Link href={address.newRun('ingest')} className="button button-primary">
              Ingest months
            </Link>
          </>
        }
      />
      <ul className="row small" aria-label="Legend">
        {STATES.map((state) => (
          <li key={state}>
            <StateBadge state={state} />
          </li>
        ))}
        <li>
          <StateBadge state="warn">quality warning</StateBadge>
        </li>
      </ul>
      <Answered query={query} what="the months">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {data.months === null && <Unavailable server="S3" />}
            {data.months?.length === 0 && (
              <Panel title="No months yet">
                <Empty>
                  <Link href={address.newRun('ingest')}>Ingest some months</Link>, or run{' '}
                  <code>citibike demo</code> for synthetic data.
                </Empty>
              </Panel>
            )}
            {[
              ...Map.groupBy(
                ofSystem(data.months ?? [], system),
                ({ system, rules }) => `${system}/${rules}`,
              ),
            ].map(([name, months]) => (
              <Calendar key={name} months={months} />
            ))}
            {data.explorations && <Explorations pages={ofSystem(data.explorations, system)} />}
          </>
        )}
      </Answered>
    </>
  );
}

/** Returns the items of a system, real and synthetic, or all items if none is chosen. */
function ofSystem<T extends { readonly system: string }>(items: readonly T[], system: string): readonly T[] {
  return items.filter((item) => !system || item.system.replace(/-synthetic$/, '') === system);
}

function Explorations({ pages }: { readonly pages: readonly Exploration[] }) {
  return (
    <Panel title="Explorations">
      {pages.length === 0 && (
        <Empty>
          None yet. <code>citibike explore --from 2024-01 --to 2024-12 --publish</code> writes a report of
          demand by hour, weather, riders and stations.
        </Empty>
      )}
      <ul className="list">
        {pages.map(({ uri, system, rules, from, to, modified }) => (
          <li key={uri}>
            {system}, {from === to ? from : `${from} to ${to}`}
            <span className="muted small">rules {rules}</span>
            <TimeAgo at={modified} />
            <span className="push">
              <ReportLink uri={uri}>Open exploration</ReportLink>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Calendar({ months }: { readonly months: readonly MonthState[] }) {
  const { system, rules } = months[0]!;
  const byMonth = new Map(months.map((month) => [month.month, month]));
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))].sort().reverse();
  const trips = months.reduce((sum, month) => sum + (month.trips ?? 0), 0);
  return (
    <Panel
      title={`${system}, rule set ${ruleSetOf(rules as StoredRuleSet)}`}
      aside={`${number(months.filter(({ state }) => state === 'processed' || state === 'provisional').length)} months, ${compactNumber(trips)} trips`}
    >
      <div
        className="scroll-x"
        tabIndex={0}
        role="region"
        aria-label={`Months of ${system}, rule set ${ruleSetOf(rules as StoredRuleSet)}`}
      >
        <table className="calendar">
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden">Year</span>
              </th>
              {MONTHS.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {years.map((year) => (
              <tr key={year}>
                <th scope="row">{year}</th>
                {MONTHS.map((name, i) => (
                  <td key={name}>
                    <Cell month={byMonth.get(`${year}-${String(i + 1).padStart(2, '0')}`)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Cell({ month }: { readonly month: MonthState | undefined }) {
  if (!month) return null;
  const { system, rules, state, trips, hours, quality } = month;
  const summary = [
    `${month.month}: ${state}`,
    trips !== null && `${number(trips)} trips`,
    hours !== null && `${number(hours)} hours`,
    quality && `quality ${quality}`,
  ]
    .filter(Boolean)
    .join(', ');
  const content = (
    <>
      <span className="hidden">
        {month.month}: {state}
        {quality && `, quality ${quality}`}{' '}
      </span>
      <span className="row calendar-icons">
        <StateIcon state={state} />
        {quality && quality !== 'pass' && <StateIcon state={quality} />}
      </span>
      <span className="num">{trips === null ? '' : compactNumber(trips)}</span>
    </>
  );
  if (state === 'missing') {
    return (
      <span className="calendar-cell calendar-missing" title={summary}>
        {content}
      </span>
    );
  }
  return (
    <Link
      href={address.month(system, rules, month.month)}
      className={`calendar-cell calendar-${state}`}
      title={summary}
    >
      {content}
    </Link>
  );
}
