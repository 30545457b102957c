import type { VersionDetail } from '../api/bodies.ts';
import { bytes } from '../format/numbers.ts';
import { Empty, Panel } from '../ui/panel.tsx';
import { UriLink } from '../ui/uri-link.tsx';

export function ArtifactList({ artifacts }: { readonly artifacts: VersionDetail['artifacts'] }) {
  return (
    <Panel title="Files">
      {artifacts === null && (
        <Empty>The files are unavailable: S3 does not answer, or MLflow cannot read it.</Empty>
      )}
      {artifacts?.length === 0 && <Empty>This run logged no files.</Empty>}
      <ul className="list">
        {artifacts?.map(({ path, uri, bytes: size }) => (
          <li key={uri}>
            <UriLink uri={uri} text={path} />
            <span className="push small muted num">{bytes(size)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
