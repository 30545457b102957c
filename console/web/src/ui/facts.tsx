import { Fragment, type ReactNode } from 'react';

interface FactsProps {
  /** Name and value; what is undefined, null, false or empty is left out. */
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** Names and values, one a line. */
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
