import { Fragment, type ReactNode } from 'react';

interface FactsProps {
  /** Names and values. Undefined, null, false and empty values are omitted. */
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** Lists names and values, one per line. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false)
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
