import { Link } from 'wouter';
import { useForecast } from '../../api/queries.ts';
import type { ForecastIssue } from '../../api/bodies.ts';
import { address } from '../../format/addresses.ts';
import { HOUR } from '../../format/night-spans.ts';
import { plural } from '../../format/numbers.ts';
import { ForecastChart } from '../../panels/forecast-chart.tsx';
import { ForecastDays } from '../../panels/forecast-days.tsx';
import { ForecastOrigin, NoForecast, StaleNotice } from '../../panels/forecast-notes.tsx';
import { Answered } from '../../ui/answered.tsx';
import { useNow } from '../../ui/clock.ts';
import { Empty, Panel, Unavailable } from '../../ui/panel.tsx';

const SHOWN_HOURS = 72;

/** Shows the forecast of the next hours. @param system empty for the served model. */
export function NextHours({ system }: { readonly system: string }) {
  const query = useForecast(system);
  return (
    <Panel
      title={`Next ${plural(SHOWN_HOURS, 'hour')}`}
      aside={<Link href={address.forecast(system)}>Open the forecast</Link>}
    >
      <Answered query={query} what="the forecast">
        {({ data }) => (
          <>
            {!data && <Unavailable server="Postgres" />}
            {data && !data.issue && <NoForecast system={system} />}
            {data?.issue && <Hours issue={data.issue} />}
          </>
        )}
      </Answered>
    </Panel>
  );
}

function Hours({ issue }: { readonly issue: ForecastIssue }) {
  const now = useNow(60_000);
  const hours = issue.hours.filter(({ at }) => Date.parse(at) + HOUR > now).slice(0, SHOWN_HOURS);
  return (
    <>
      <StaleNotice issue={issue} />
      <ForecastOrigin issue={issue} />
      {hours.length === 0 ? (
        <Empty>
          All hours of the newest forecast are past. Run <code>citibike run forecast</code> to make another.
        </Empty>
      ) : (
        <>
          <ForecastChart
            title={`Trips per hour over the whole system, time of ${issue.timeZone}`}
            timeZone={issue.timeZone}
            hours={hours}
          />
          <ForecastDays days={issue.weather} hours={hours} />
        </>
      )}
    </>
  );
}
