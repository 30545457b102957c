import { Link } from 'wouter';
import type { OutcomeLink, RunArtifact, RunDetail } from '../../api/bodies.ts';
import { address } from '../../format/addresses.ts';
import { artifactName } from '../../format/artifact-name.ts';
import { number } from '../../format/numbers.ts';
import { Clamped } from '../../ui/clamped.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { ReportLink, UriLink } from '../../ui/uri-link.tsx';

/** Longer values take the whole width, as text. */
const FIGURE_CHARS = 18;

/** Says what a run achieved: a sentence, the facts, and links to what it made. */
export function Outcome({ detail: { run, outcome } }: { readonly detail: RunDetail }) {
  const figures = outcome.facts.filter(({ value }) => value.length <= FIGURE_CHARS);
  const texts = outcome.facts.filter(({ value }) => value.length > FIGURE_CHARS);
  return (
    <Panel title="Outcome" aside={<StateBadge state={run.rejected ? 'rejected-input' : run.state} />}>
      <p className="outcome-summary">
        {/* Only error texts are too long to show at once. */}
        {run.state === 'completed' ? outcome.summary : <Clamped text={outcome.summary} />}
      </p>
      {figures.length > 0 && (
        <dl className="figures">
          {figures.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {texts.length > 0 && (
        <dl className="facts">
          {texts.map(({ name, value }) => (
            <div key={name} className="contents">
              <dt>{name}</dt>
              <dd>
                <Clamped text={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {outcome.links.length > 0 && (
        <ul className="actions" aria-label="What the run made">
          {outcome.links.map((link) => (
            <li key={JSON.stringify(link)}>
              <OutcomeButton link={link} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function OutcomeButton({ link }: { readonly link: OutcomeLink }) {
  if (link.kind === 'artifact' && link.uri.endsWith('.html'))
    return <ReportLink uri={link.uri}>{`Open ${link.label}`}</ReportLink>;
  const { href, text } = placeOf(link);
  return (
    <Link className="button button-small" href={href}>
      {text}
    </Link>
  );
}

function placeOf(link: OutcomeLink): { readonly href: string; readonly text: string } {
  switch (link.kind) {
    case 'version':
      return {
        href: address.version(link.model, link.version),
        text: `Version ${link.version} of ${link.model}`,
      };
    case 'experiment':
      return { href: address.experiment(link.runId), text: 'MLflow run' };
    case 'drift':
      return { href: address.drift(link.system, link.version), text: 'Drift by week' };
    case 'forecast':
      return {
        href: address.forecast(link.system.replace(/-synthetic$/, ''), link.issuedAt),
        text: 'Forecast',
      };
    case 'run':
      return { href: address.run(link.workflowId), text: `Run ${link.workflowId}` };
    case 'artifact':
      return {
        href: address.artifact(link.uri),
        text: `${link.label[0]?.toUpperCase()}${link.label.slice(1)}`,
      };
  }
}

/** Artifacts of one kind that are listed before the rest is folded. */
const MOST_OF_KIND = 5;

/** Lists the artifacts of a run by kind. */
export function RunArtifacts({ artifacts }: { readonly artifacts: readonly RunArtifact[] }) {
  if (artifacts.length === 0) return <Empty>The run made no artifact yet.</Empty>;
  const kinds = [...Map.groupBy(artifacts, ({ kind }) => kind)];
  return (
    <dl className="facts">
      {kinds.map(([kind, members]) => (
        <div key={kind} className="contents">
          <dt>
            {kind} <span className="num">({number(members.length)})</span>
          </dt>
          <dd>
            <ArtifactLinks artifacts={members.slice(0, MOST_OF_KIND)} />
            {members.length > MOST_OF_KIND && (
              <details>
                <summary>{number(members.length - MOST_OF_KIND)} more</summary>
                <ArtifactLinks artifacts={members.slice(MOST_OF_KIND)} />
              </details>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function ArtifactLinks({ artifacts }: { readonly artifacts: readonly RunArtifact[] }) {
  return (
    <ul>
      {artifacts.map(({ uri }) => (
        <li key={uri}>
          <UriLink uri={uri} text={artifactName(uri)} />
        </li>
      ))}
    </ul>
  );
}
