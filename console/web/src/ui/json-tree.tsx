import { useState } from 'react';
import { Link } from 'wouter';
import { address } from '../format/addresses.ts';
import { plural } from '../format/numbers.ts';

/** Entries of one object or list; more would slow the page down. */
const MOST_ENTRIES = 200;
/** Is the depth to which the tree is open at first. */
const OPEN_DEPTH = 1;
const S3_URI = /^s3:\/\/[^/]+\/.+/;

interface JsonTreeProps {
  readonly value: unknown;
  readonly name?: string;
  readonly depth?: number;
}

/** Shows a JSON value as a tree whose branches fold, with addresses of artifacts as links. */
export function JsonTree({ value, name, depth = 0 }: JsonTreeProps) {
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="json-leaf">
        <Label name={name} />
        {typeof value === 'string' && S3_URI.test(value) ? (
          <Link href={address.artifact(value)}>{value}</Link>
        ) : (
          JSON.stringify(value)
        )}
      </div>
    );
  }
  return <Branch value={value} name={name} depth={depth} />;
}

function Label({ name }: Pick<JsonTreeProps, 'name'>) {
  return name === undefined ? null : <b>{name}: </b>;
}

/** Renders its entries once it is open: a million of them would stop the browser. */
function Branch({ value, name, depth = 0 }: JsonTreeProps & { readonly value: object }) {
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH);
  const entries: [string, unknown][] = Object.entries(value);
  const size = Array.isArray(value) ? plural(entries.length, 'item') : plural(entries.length, 'field');
  return (
    <details
      className="json-branch"
      open={isOpen}
      onToggle={(event) => {
        // The event of a branch inside bubbles in React.
        if (event.target === event.currentTarget) setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <Label name={name} />
        <span className="muted">{size}</span>
      </summary>
      {isOpen &&
        entries
          .slice(0, MOST_ENTRIES)
          .map(([key, each]) => <JsonTree key={key} name={key} value={each} depth={depth + 1} />)}
      {isOpen && entries.length > MOST_ENTRIES && (
        <p className="hint">
          and {plural(entries.length - MOST_ENTRIES, 'more', 'more')}; download the file for all
        </p>
      )}
    </details>
  );
}
