import { useId, type ComponentProps } from 'react';
import { Link } from 'wouter';
import {
  STATION_COUNT_RULE,
  WEEKDAY_CLASSES,
  WEEKDAY_CLASS_NAMES,
} from '../../../../../contracts/station-hours.ts';
import type { StationsBody } from '../../api/bodies.ts';
import { BarChart } from '../../charts/bar-chart.tsx';
import { FlowMap } from '../../charts/flow-map.tsx';
import { address } from '../../format/addresses.ts';
import { number, plural } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { useStations } from './queries.ts';
import { StationTable } from './station-table.tsx';

type Figures = NonNullable<StationsBody['figures']>;
type Change = (fields: Readonly<Record<string, string | undefined>>) => void;

const MOST_LISTED = 10;
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour));

/** Shows departures, arrivals and net flow of the stations of a month at one hour. The address has the whole view. */
export function Stations() {
  const [fields, change] = useSearchFields();
  const weekdays = WEEKDAY_CLASS_NAMES.find((name) => name === fields.get('weekdays'));
  const query = useStations({
    system: fields.get('system') ?? undefined,
    month: fields.get('month') ?? undefined,
    hour: fields.get('hour') ?? undefined,
    weekdays,
    station: fields.get('station') ?? undefined,
  });
  const data = query.data?.data;
  return (
    <>
      <PageHead title="Stations" actions={data && <Choices data={data} onChange={change} />} />
      <Answered query={query} what="the stations">
        {(answer) => (
          <>
            <Outages upstreams={answer.upstreams} />
            {answer.data ? <View data={answer.data} onChange={change} /> : <Unavailable server="S3" />}
          </>
        )}
      </Answered>
    </>
  );
}

function Choices({ data, onChange }: { readonly data: StationsBody; readonly onChange: Change }) {
  const { systems, system, months, month, hour, weekdays } = data;
  return (
    <>
      <Choice
        label="System"
        value={system ?? ''}
        options={systems.map((name) => [name, name])}
        onChange={(value) => onChange({ system: value, month: undefined, station: undefined })}
      />
      {month !== null && (
        <Choice
          label="Month"
          value={month}
          options={months.toReversed().map((name) => [name, name])}
          onChange={(value) => onChange({ month: value })}
        />
      )}
      <Choice
        label="Hour"
        value={hour === null ? 'all' : String(hour)}
        options={[...HOURS.map((each): [string, string] => [each, clock(each)]), ['all', 'whole day']]}
        onChange={(value) => onChange({ hour: value })}
      />
      <Choice
        label="Weekdays"
        value={weekdays}
        options={WEEKDAY_CLASS_NAMES.map((name) => [name, WEEKDAY_CLASSES[name].label])}
        onChange={(value) => onChange({ weekdays: value })}
      />
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
}

/** Offers values of the view. A value of the address that is not among them stays in the list. */
function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.every(([each]) => each !== value) && <option value={value}>{value}</option>}
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

function View({ data, onChange }: { readonly data: StationsBody; readonly onChange: Change }) {
  const { system, month, figures, missing, provisional, chosen } = data;
  if (!figures || system === null || month === null)
    return (
      <Panel title="No stations to show">
        <Empty>
          {missing ?? 'No month is ingested yet.'} <Link href={address.newRun('ingest')}>Ingest months</Link>.
        </Empty>
      </Panel>
    );
  const { days, stations } = figures;
  const choose = (id: string) => onChange({ station: id === chosen?.id ? undefined : id });
  const common = { days, chosen: chosen?.id, onChoose: choose };
  const losing = stations.filter(({ net }) => net < 0);
  const gaining = stations.filter(({ net }) => net > 0).toReversed();
  const busiest = stations.toSorted(
    (a, b) => b.departures + b.arrivals - (a.departures + a.arrivals) || a.id.localeCompare(b.id),
  );
  const totals = [
    ['departures', figures.total.departures],
    ['arrivals', figures.total.arrivals],
    ['stations', stations.length],
    ['days', days],
  ] as const;
  return (
    <>
      <Panel title={<Heading data={data} />}>
        <dl className="figures">
          {totals.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{number(value)}</dd>
            </div>
          ))}
        </dl>
        {stations.length === 0 ? (
          <Empty>No ride starts or ends at this hour on these days. Choose another hour.</Empty>
        ) : (
          <FlowMap
            title={`Stations of ${system}: area by departures and arrivals, colour by net flow`}
            stations={stations}
            chosen={chosen?.id}
            onChoose={choose}
          />
        )}
        <p className="small muted">
          {withoutText(figures)}
          {provisional && ' The next month has not been ingested yet, and may add a few rides.'}{' '}
          {STATION_COUNT_RULE}
        </p>
      </Panel>
      <div className={chosen ? 'grid-2' : undefined}>
        <Panel title="The whole system">
          <Day title="Rides of all stations by hour of the day" hours={figures.byHour} />
        </Panel>
        {chosen && (
          <Panel title={`${chosen.name ?? 'No name'} (${chosen.id})`}>
            <Day title="Rides by hour of the day" hours={chosen.byHour} />
          </Panel>
        )}
      </div>
      <div className="grid-2">
        <Panel title="Lose most">
          <Ranked caption="Stations that lose most" stations={losing} {...common} />
        </Panel>
        <Panel title="Gain most">
          <Ranked caption="Stations that gain most" stations={gaining} {...common} />
        </Panel>
      </div>
      <Panel title="All stations">
        <StationTable caption="Stations" stations={busiest} {...common} />
      </Panel>
    </>
  );
}

function Heading({ data: { hour, weekdays, month } }: { readonly data: StationsBody }) {
  const when =
    hour === null ? 'the whole day' : `${clock(String(hour))} to ${clock(String(hour)).slice(0, 3)}59`;
  return `${month}, ${when}, ${WEEKDAY_CLASSES[weekdays].label}`;
}

function withoutText({ withoutStation: { departures, arrivals }, withoutEnd }: Figures): string {
  const without = `${plural(departures, 'departure')} and ${plural(arrivals, 'arrival')} name no station.`;
  return withoutEnd > 0
    ? `${without} ${plural(withoutEnd, 'ride')} of the month have no arrival, because their duration is unknown.`
    : without;
}

/** Lists the first of some stations. */
function Ranked({ stations, ...props }: ComponentProps<typeof StationTable>) {
  if (stations.length === 0)
    return <Empty>No station has such a net flow at this hour. Choose another hour.</Empty>;
  return <StationTable {...props} stations={stations.slice(0, MOST_LISTED)} plain />;
}

/** Draws the rides of each hour of the day. */
function Day({ title, hours }: { readonly title: string; readonly hours: Figures['byHour'] }) {
  return (
    <BarChart
      title={title}
      xTitle="hour"
      labels={HOURS}
      series={[
        { label: 'departures', tone: 2, values: hours.map(({ departures }) => departures) },
        { label: 'arrivals', tone: 4, values: hours.map(({ arrivals }) => arrivals) },
      ]}
    />
  );
}

function clock(hour: string): string {
  return `${hour.padStart(2, '0')}:00`;
}
