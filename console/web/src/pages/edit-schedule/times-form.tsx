import { useId, type ReactNode } from 'react';
import { WEEKDAYS } from '../../../../../contracts/weekdays.ts';
import type { ScheduleDefinition } from '../../api/bodies.ts';
import { UNITS, type ScheduleDraft, type Unit } from './schedule-draft.ts';

interface TimesFormProps {
  readonly draft: ScheduleDraft;
  readonly onChange: (changes: Partial<ScheduleDraft>) => void;
}

const KINDS: readonly (readonly [ScheduleDraft['kind'], string])[] = [
  ['calendar', 'at a time of day'],
  ['every', 'at an interval'],
  ['cron', 'by a cron expression'],
];

const OVERLAPS: Readonly<Record<ScheduleDefinition['overlap'], string>> = {
  SKIP: 'skip the new run',
  BUFFER_ONE: 'start one run afterwards',
  BUFFER_ALL: 'start all runs afterwards, one by one',
  CANCEL_OTHER: 'cancel the running one',
  TERMINATE_OTHER: 'terminate the running one',
  ALLOW_ALL: 'run both',
};

/** Asks when a schedule starts runs, and what happens to overlapping and missed ones. */
export function TimesForm({ draft, onChange }: TimesFormProps) {
  const zones = useId();
  return (
    <div className="form-grid">
      <Field label="Starts runs">
        {(id) => (
          <select
            id={id}
            value={draft.kind}
            onChange={(event) => onChange({ kind: kindOf(event.target.value) })}
          >
            {KINDS.map(([kind, label]) => (
              <option key={kind} value={kind}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {draft.kind === 'calendar' && <CalendarFields draft={draft} onChange={onChange} />}
      {draft.kind === 'every' && <IntervalFields draft={draft} onChange={onChange} />}
      {draft.kind === 'cron' && (
        <Field label="Cron expression" hint="minute, hour, day of the month, month and day of the week">
          {(id) => (
            <input id={id} value={draft.cron} onChange={(event) => onChange({ cron: event.target.value })} />
          )}
        </Field>
      )}
      {draft.kind !== 'every' && (
        <Field label="Time zone" hint="an IANA time zone; empty for UTC">
          {(id) => (
            <>
              <input
                id={id}
                list={zones}
                value={draft.timezone ?? ''}
                onChange={(event) => onChange({ timezone: event.target.value })}
              />
              <datalist id={zones}>
                {Intl.supportedValuesOf('timeZone').map((zone) => (
                  <option key={zone} value={zone} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      )}
      <Field label="While another run of the schedule runs">
        {(id) => (
          <select
            id={id}
            value={draft.overlap}
            onChange={(event) => onChange({ overlap: policyOf(event.target.value) })}
          >
            {Object.entries(OVERLAPS).map(([policy, label]) => (
              <option key={policy} value={policy}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Catch-up window, hours" hint="starts a run that was missed if it is at most this late">
        {(id) => (
          <input
            id={id}
            inputMode="decimal"
            placeholder="default of Temporal"
            value={draft.catchupHours}
            onChange={(event) => onChange({ catchupHours: event.target.value })}
          />
        )}
      </Field>
      <label className="row">
        <input
          type="checkbox"
          checked={draft.paused}
          onChange={(event) => onChange({ paused: event.target.checked })}
        />
        Paused
      </label>
    </div>
  );
}

function CalendarFields({ draft, onChange }: TimesFormProps) {
  return (
    <>
      <Field label="Time of day">
        {(id) => (
          <input
            id={id}
            type="time"
            value={draft.time}
            onChange={(event) => onChange({ time: event.target.value })}
          />
        )}
      </Field>
      <Field label="Day of the month" hint="1 to 31; a month without the day has no run">
        {(id) => (
          <input
            id={id}
            inputMode="numeric"
            placeholder="every day"
            value={draft.dayOfMonth}
            onChange={(event) => onChange({ dayOfMonth: event.target.value })}
          />
        )}
      </Field>
      <fieldset className="group">
        <legend>
          Days of the week <span className="hint">none means every day</span>
        </legend>
        <div className="row">
          {WEEKDAYS.map((day) => (
            <label key={day} className="row small">
              <input
                type="checkbox"
                checked={draft.weekdays.includes(day)}
                onChange={(event) =>
                  onChange({
                    weekdays: event.target.checked
                      ? [...draft.weekdays, day]
                      : draft.weekdays.filter((one) => one !== day),
                  })
                }
              />
              {day.charAt(0) + day.slice(1, 3).toLowerCase()}
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}

function IntervalFields({ draft, onChange }: TimesFormProps) {
  return (
    <>
      <Field label="Interval">
        {(id) => (
          <input
            id={id}
            inputMode="numeric"
            value={draft.amount}
            onChange={(event) => onChange({ amount: event.target.value })}
          />
        )}
      </Field>
      <Field label="Unit">
        {(id) => (
          <select
            id={id}
            value={draft.unit}
            onChange={(event) => onChange({ unit: unitOf(event.target.value) })}
          >
            {Object.keys(UNITS).map((unit) => (
              <option key={unit}>{unit}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Offset, minutes" hint="after midnight UTC">
        {(id) => (
          <input
            id={id}
            inputMode="numeric"
            value={draft.offsetMinutes}
            onChange={(event) => onChange({ offsetMinutes: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly children: (id: string) => ReactNode;
}

function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint && <p className="hint">{hint}</p>}
    </div>
  );
}

const kindOf = (value: string) => KINDS.find(([kind]) => kind === value)?.[0] ?? 'calendar';
const unitOf = (value: string) => (Object.keys(UNITS) as Unit[]).find((unit) => unit === value) ?? 'hours';
const policyOf = (value: string) =>
  (Object.keys(OVERLAPS) as ScheduleDefinition['overlap'][]).find((policy) => policy === value) ?? 'SKIP';
