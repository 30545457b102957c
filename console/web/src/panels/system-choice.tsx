import { useId } from 'react';
import { useSystems } from '../api/queries.ts';

interface SystemChoiceProps {
  readonly value: string;
  /** Text of the choice that names no system. */
  readonly none: string;
  readonly onChange: (system: string) => void;
}

/** Lets the reader choose a known system. A system in the address that is no longer known stays in the list. */
export function SystemChoice({ value, none, onChange }: SystemChoiceProps) {
  const id = useId();
  const systems = useSystems().data?.items ?? [];
  const isKnown = value === '' || systems.some((system) => system.id === value);
  return (
    <div className="field">
      <label htmlFor={id}>System</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{none}</option>
        {!isKnown && <option>{value}</option>}
        {systems.map((system) => (
          <option key={system.id} value={system.id}>
            {`${system.id}, ${system.brand}`}
          </option>
        ))}
      </select>
    </div>
  );
}
