import { useState } from 'react';
import { Link } from 'wouter';
import type { FieldProblem } from '../../../../../contracts/hour-to-predict.ts';
import { REQUIRED_WEATHER_INPUTS, WEATHER_INPUT_FACTS } from '../../../../../contracts/weather-columns.ts';
import { rangeOf, unitOf } from '../../../../../contracts/weather-ranges.ts';
import { useForecast } from '../../api/queries.ts';
import type { Predicted } from '../../api/bodies.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import { address } from '../../format/addresses.ts';
import { number } from '../../format/numbers.ts';
import { nextHour } from '../../format/time.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Empty, Loading, PageHead, Panel } from '../../ui/panel.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { askedOf, type Asked } from './asked-hour.ts';
import { Field } from './field.tsx';
import { forecastWeather, inOtherUnits } from './forecast-weather.ts';
import { useDayPrediction, usePrediction, type Units } from './queries.ts';

/**
 * Predicts an hour with its interval and the whole day, and shows the call as a shell command. Empty fields have the weather of
 * the newest forecast.
 */
export function Predict() {
  const [fields, change] = useSearchFields();
  const forecast = useForecast();
  const [filled, setFilled] = useState<Readonly<Record<string, string>>>(() => Object.fromEntries(fields));
  const [openedAt] = useState(() => new Date());
  const issue = forecast.data?.data?.issue;
  const next = nextHour(openedAt, issue?.timeZone);
  const asEntered = { date: next.date, hour: String(next.hour), ...filled };
  const units: Units = fields.get('units') === 'metric' ? 'metric' : 'imperial';
  const metric = units === 'metric';
  const known = forecastWeather(issue?.weather ?? [], asEntered.date, metric);
  const texts: Readonly<Record<string, string>> = { ...known?.texts, ...asEntered };
  const asked = askedOf(texts, metric);
  const set = (name: string, value: string) => {
    setFilled({ ...filled, [name]: value });
    change({ [name]: value });
  };
  const changeUnits = (next: Units) => {
    const converted = inOtherUnits(filled, next);
    setFilled({ ...filled, ...converted });
    change({ ...converted, units: next === 'metric' ? next : undefined });
  };
  const isUnknown = REQUIRED_WEATHER_INPUTS.some((name) => !texts[name]);
  return (
    <>
      <PageHead title="Predict" />
      <div className="grid-2">
        <Panel
          title="Hour and weather"
          aside={
            <label className="row">
              Units
              <select value={units} onChange={(event) => changeUnits(event.target.value as Units)}>
                <option value="imperial">°F, inches, mph</option>
                <option value="metric">°C, mm, m/s</option>
              </select>
            </label>
          }
        >
          <div className="form-grid form-tight">
            <Field label="Day" type="date" value={texts['date']!} onChange={(value) => set('date', value)} />
            <Field
              label="Hour, local time"
              min={0}
              max={23}
              value={texts['hour']!}
              onChange={(value) => set('hour', value)}
            />
            {WEATHER_INPUT_FACTS.map(({ name, label, required }) => (
              <Field
                key={name}
                label={`${label}, ${unitOf(name, metric)}`}
                {...rangeOf(name, metric)}
                value={texts[name] ?? ''}
                placeholder={required ? '' : 'unknown'}
                onChange={(value) => set(name, value)}
              />
            ))}
          </div>
          <p className="hint">
            {issue && known && <Source source={known.source} issuedAt={issue.issuedAt} />}
            The service fills fields that stay empty with training medians, and names them.
          </p>
        </Panel>
        <Panel title="Prediction">
          {forecast.isPending && isUnknown ? (
            <Loading what="the forecast" />
          ) : Array.isArray(asked) ? (
            <Missing
              problems={asked}
              isUnknown={isUnknown && !known}
              hasForecast={Boolean(forecast.data?.data)}
            />
          ) : (
            <Answer asked={asked} units={units} />
          )}
        </Panel>
      </div>
      <Panel title="Whole day">
        {Array.isArray(asked) ? (
          <Empty>Fill in the hour and its weather above.</Empty>
        ) : (
          <Day asked={asked} units={units} />
        )}
      </Panel>
    </>
  );
}

interface SourceProps {
  readonly source: 'forecast' | 'climatology';
  readonly issuedAt: string;
}

/** Says where the weather comes from that the reader did not enter. */
function Source({ source, issuedAt }: SourceProps) {
  if (source === 'climatology')
    return 'No weather forecast reaches this day, so the form shows the usual weather of the season (climatology). ';
  return (
    <>
      The form shows the weather forecast issued <TimeAgo at={issuedAt} />.{' '}
    </>
  );
}

interface MissingProps {
  readonly problems: readonly FieldProblem[];
  /** True if neither the reader nor a forecast says the weather of the day. */
  readonly isUnknown: boolean;
  /** False if Postgres did not answer. */
  readonly hasForecast: boolean;
}

function Missing({ problems, isUnknown, hasForecast }: MissingProps) {
  if (isUnknown)
    return (
      <Empty>
        {hasForecast
          ? 'No forecast reaches this day. '
          : 'Postgres does not answer, so no forecast is known. '}
        Enter the weather of the day to predict it.
      </Empty>
    );
  return (
    <ul role="alert">
      {problems.map(({ field, expected }) => (
        <li key={field}>
          {field}: expected {expected}
        </li>
      ))}
    </ul>
  );
}

interface AskedProps {
  readonly asked: Asked;
  readonly units: Units;
}

function Answer({ asked: { date, hour, ...weather }, units }: AskedProps) {
  const query = usePrediction(`${date}T${String(hour).padStart(2, '0')}:00`, weather, units);
  return (
    <Answered query={query} what="the prediction">
      {({ data, upstreams }) => (
        <>
          <Outages upstreams={upstreams} />
          {data?.predictions[0] && (
            <>
              <p className="answer">
                <span className="answer-number num">{number(data.predictions[0].prediction)}</span> trips per
                hour
                {data.predictions[0].lower !== null && data.predictions[0].upper !== null && (
                  <span className="muted">
                    {' '}
                    90 % interval {number(data.predictions[0].lower)} to {number(data.predictions[0].upper)}
                  </span>
                )}
              </p>
              <Warnings warnings={data.predictions[0].warnings} />
              <Provenance predicted={data} />
              <h3>Shell command</h3>
              <pre className="code" tabIndex={0}>
                {data.curl}
              </pre>
              <div className="row">
                <CopyButton text={data.curl} />
              </div>
            </>
          )}
        </>
      )}
    </Answered>
  );
}

function Warnings({ warnings }: Pick<Predicted['predictions'][number], 'warnings'>) {
  return warnings.map(({ code, message }) => (
    <p key={`${code} ${message}`} className="notice notice-warn">
      {message}
    </p>
  ));
}

function Provenance({ predicted: { model, version, imputed, ms } }: { readonly predicted: Predicted }) {
  return (
    <p className="small muted">
      {model && version && (
        <>
          by <Link href={address.version(model, version)}>{`${model} v${version}`}</Link>,{' '}
        </>
      )}
      in {number(ms, 3)} ms
      {imputed.length > 0 && <>; imputed: {imputed.join(', ')}</>}
    </p>
  );
}

function Day({ asked: { date, hour: _, ...weather }, units }: AskedProps) {
  const query = useDayPrediction(date, weather, units);
  return (
    <Answered query={query} what="the day">
      {({ data, upstreams }) => {
        if (!data) return <Outages upstreams={upstreams} />;
        const hours = data.predictions.map((one) => ({ ...one, x: Number(one.hour.slice(11, 13)) }));
        const band = hours.flatMap(({ x, lower, upper }) =>
          lower === null || upper === null ? [] : [{ x, low: lower, high: upper }],
        );
        return (
          <LineChart
            title={`Trips per hour over the whole system, ${date}`}
            xTitle="hour"
            xFormat={(x) => `${x}h`}
            series={[
              {
                label: 'prediction',
                tone: 1,
                points: hours.map(({ x, prediction }) => ({ x, y: prediction })),
              },
            ]}
            {...(band.length > 0 ? { band: { label: '90 % interval', points: band, tone: 1 } } : {})}
            fromZero
            ticksAtPoints
          />
        );
      }}
    </Answered>
  );
}
