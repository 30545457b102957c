import { Link } from 'wouter';
import { address } from '../format/addresses.ts';

const URI = /"(s3:\/\/[^"\\]+)"/;

/** Shows a value as JSON, with addresses of artifacts as links. */
export function JsonView({ value }: { readonly value: unknown }) {
  const lines = (JSON.stringify(value, null, 2) ?? 'none').split('\n');
  return (
    <pre className="code" tabIndex={0}>
      {lines.map((line, i) => (
        <Line key={i} line={`${line}\n`} />
      ))}
    </pre>
  );
}

function Line({ line }: { readonly line: string }) {
  const match = URI.exec(line);
  if (!match) return line;
  const at = match.index + 1;
  return (
    <>
      {line.slice(0, at)}
      <Link href={address.artifact(match[1]!)}>{match[1]}</Link>
      {line.slice(at + match[1]!.length)}
    </>
  );
}
