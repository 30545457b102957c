import type { UseQueryResult } from '@tanstack/react-query';
import { useId, type ComponentProps, type ReactNode } from 'react';
import { Answered, Outages } from '../ui/answered.tsx';
import { Panel, Unavailable } from '../ui/panel.tsx';
import { Comparison, MOST_COMPARED, type Compared } from './comparison.tsx';

interface ChosenProps {
  readonly ids: readonly string[];
  readonly nameOf: (id: string) => string;
  readonly onChange: (ids: readonly string[]) => void;
  /** More that can be added: ids with their names. */
  readonly others: readonly (readonly [id: string, name: string])[];
}

/** Lists what is compared, to remove one, add one, or make one the baseline. Before the second one, the page asks for it. */
export function Chosen({ ids, nameOf, onChange, others }: ChosenProps) {
  return (
    <>
      {ids.map((id, i) => (
        <span key={id} className="chip">
          {i === 0 ? (
            <b>{nameOf(id)} (baseline)</b>
          ) : (
            <button
              type="button"
              className="link"
              title={`Compare the others with ${nameOf(id)}`}
              onClick={() => onChange([id, ...ids.filter((one) => one !== id)])}
            >
              {nameOf(id)}
            </button>
          )}
          <button
            type="button"
            className="link"
            aria-label={`Remove ${nameOf(id)}`}
            onClick={() => onChange(ids.filter((one) => one !== id))}
          >
            ×
          </button>
        </span>
      ))}
      {ids.length >= 2 && ids.length < MOST_COMPARED && others.length > 0 && (
        <AddChoice
          label={<span className="hidden">Add to the comparison</span>}
          others={others}
          onAdd={(id) => onChange([...ids, id])}
        />
      )}
    </>
  );
}

interface AddChoiceProps extends Pick<ChosenProps, 'others'> {
  readonly label: ReactNode;
  readonly onAdd: (id: string) => void;
}

/** Offers one more to compare. */
export function AddChoice({ label, others, onAdd }: AddChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value="" onChange={(event) => onAdd(event.target.value)}>
        <option value="">Add …</option>
        {others.map(([other, name]) => (
          <option key={other} value={other}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

interface ComparedAnswersProps<T> {
  readonly queries: readonly UseQueryResult<T>[];
  readonly toCompared: (answer: T) => Compared | undefined;
  readonly noun: string;
  /** Asks for another one to compare. */
  readonly empty: ReactNode;
}

/** Compares the answers that have arrived, and shows why others did not. */
export function ComparedAnswers<T extends ComponentProps<typeof Outages>>({
  queries,
  toCompared,
  noun,
  empty,
}: ComparedAnswersProps<T>) {
  const failed = queries.find((query) => query.isError);
  const pending = queries.find((query) => query.isPending);
  const of = queries.flatMap(({ data }) => {
    const one = data === undefined ? undefined : toCompared(data);
    return one ? [one] : [];
  });
  const [first] = queries.flatMap(({ data }) => (data === undefined ? [] : [data]));
  return (
    <>
      {first && <Outages upstreams={first.upstreams} />}
      {queries.length < 2 && <Panel title={`Compare ${noun}`}>{empty}</Panel>}
      {(failed ?? pending) && (
        <Answered query={(failed ?? pending)!} what="the comparison">
          {() => null}
        </Answered>
      )}
      {!pending && of.length + Number(failed !== undefined) < queries.length && (
        <Unavailable server="MLflow" />
      )}
      {!pending && of.length > 0 && <Comparison of={of} noun={noun} />}
    </>
  );
}
