import { useState } from 'react';
import { MOST_COMPARED } from './comparison.tsx';

interface CompareChoice {
  readonly chosen: readonly string[];
  readonly toggle: (id: string) => void;
}

/** Keeps which rows of a list the reader chose to compare, in the order of choice. */
export function useCompareChoice(): CompareChoice {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return { chosen, toggle };
}

interface CompareBoxProps {
  readonly choice: CompareChoice;
  readonly id: string;
  /** Names the row within a sentence, such as 'version 3'. */
  readonly name: string;
}

export function CompareBox({ choice: { chosen, toggle }, id, name }: CompareBoxProps) {
  const checked = chosen.includes(id);
  return (
    <input
      type="checkbox"
      aria-label={`Select ${name} to compare`}
      checked={checked}
      disabled={!checked && chosen.length >= MOST_COMPARED}
      onChange={() => toggle(id)}
    />
  );
}

interface CompareButtonProps {
  readonly choice: CompareChoice;
  /** Names the compared things in the plural. */
  readonly noun: string;
  readonly onCompare: () => void;
}

export function CompareButton({ choice: { chosen }, noun, onCompare }: CompareButtonProps) {
  return (
    <button type="button" className="button button-small" disabled={chosen.length < 2} onClick={onCompare}>
      {chosen.length < 2
        ? `Select 2 to ${MOST_COMPARED} ${noun} to compare`
        : `Compare ${chosen.length} ${noun}`}
    </button>
  );
}
