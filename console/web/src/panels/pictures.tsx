import type { VersionDetail } from '../api/bodies.ts';
import { address, contentUrl } from '../format/addresses.ts';
import { Panel } from '../ui/panel.tsx';
import { Link } from 'wouter';

/** A version has about a dozen; each one is a request. */
const MOST_PICTURES = 24;

/** Shows the pictures among the files of a run, such as those of its evaluation. */
export function Pictures({ artifacts }: Pick<VersionDetail, 'artifacts'>) {
  const pictures = (artifacts ?? []).filter(({ path }) => /\.(svg|png)$/i.test(path)).slice(0, MOST_PICTURES);
  if (pictures.length === 0) return null;
  return (
    <Panel title="Pictures">
      <div className="pictures">
        {pictures.map(({ path, uri }) => (
          <Link key={uri} href={address.artifact(uri)}>
            <img className="picture" loading="lazy" src={contentUrl(uri, true)} alt={titleOf(path)} />
          </Link>
        ))}
      </div>
    </Panel>
  );
}

/** Returns `Error by hour` for `pictures/error-by-hour.svg`. */
function titleOf(path: string): string {
  const words = path
    .replace(/^.*\//, '')
    .replace(/\.\w+$/, '')
    .replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
