import { useQueries } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useModel, versionQuery } from '../../api/queries.ts';
import { address } from '../../format/addresses.ts';
import { metricsOf } from '../../format/metrics-of.ts';
import { AddChoice, Chosen, ComparedAnswers } from '../../panels/compare-page.tsx';
import { MOST_COMPARED } from '../../panels/comparison.tsx';
import { Empty, PageHead } from '../../ui/panel.tsx';
import { usePathParts, useSearchFields } from '../../ui/use-address.ts';

const VERSION = /^[1-9]\d{0,8}$/;

/** Compares the metrics, parameters and curves of up to six versions of a model. */
export function Compare() {
  const name = usePathParts()[1] ?? '';
  const [fields, change] = useSearchFields();
  // The fields a and b are those of a comparison of two versions.
  const asked = fields.get('versions')?.split(',') ?? [fields.get('a') ?? '', fields.get('b') ?? ''];
  const ids = [...new Set(asked)].filter((id) => VERSION.test(id)).slice(0, MOST_COMPARED);
  const queries = useQueries({ queries: ids.map((version) => versionQuery(name, version)) });
  const versions = useModel(name).data?.pages.flatMap(({ data }) => data.items ?? []);
  const others = (versions ?? []).flatMap(({ version }) =>
    ids.includes(version) ? [] : [[version, `v${version}`] as const],
  );
  const choose = (next: readonly string[]) =>
    change({ versions: next.join(','), a: undefined, b: undefined });
  return (
    <>
      <PageHead
        title="Compare versions"
        crumbs={[
          { href: '/models', label: 'Models' },
          { href: address.model(name), label: name },
        ]}
        actions={<Chosen ids={ids} nameOf={(id) => `v${id}`} others={others} onChange={choose} />}
      />
      <ComparedAnswers
        queries={queries}
        noun="versions"
        empty={
          others.length > 0 ? (
            <AddChoice
              label={ids.length === 0 ? 'First version' : `Compare v${ids[0]} with`}
              others={others}
              onAdd={(id) => choose([...ids, id])}
            />
          ) : (
            versions && (
              <Empty>
                {name} has no other version. <Link href={address.newRun('training')}>Train one</Link> to
                compare it.
              </Empty>
            )
          )
        }
        toCompared={({ data }) =>
          data
            ? {
                name: `v${data.version.version}`,
                href: address.version(name, data.version.version),
                metrics: metricsOf(data),
                params: data.params,
                curves: data.curves,
                errorByHour: data.errorByHour,
              }
            : undefined
        }
      />
    </>
  );
}
