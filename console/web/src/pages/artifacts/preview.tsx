import { artifactName } from '../../format/artifact-name.ts';
import { contentUrl } from '../../format/addresses.ts';
import { number, plural } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { JsonTree } from '../../ui/json-tree.tsx';
import { Empty, Panel, Unavailable } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { usePreview, type PreviewBody, type PreviewTable } from './queries.ts';

/** Shows what is in an artifact: the head of a table, a picture, a report, a tree or a text. */
export function Preview({ uri }: { readonly uri: string }) {
  const query = usePreview(uri);
  return (
    <Panel title="Preview">
      <Answered query={query} what="the preview">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {data ? <Content uri={uri} preview={data} /> : <Unavailable server="S3" />}
          </>
        )}
      </Answered>
    </Panel>
  );
}

function Content({ uri, preview }: { readonly uri: string; readonly preview: PreviewBody }) {
  const { kind, table, value, text, note } = preview;
  return (
    <>
      {note && (kind === 'none' ? <Empty>{note}</Empty> : <p className="hint">{note}</p>)}
      {kind === 'table' && table && <TableHead table={table} />}
      {kind === 'image' && <img className="picture" src={contentUrl(uri, true)} alt={artifactName(uri)} />}
      {kind === 'page' && (
        <iframe className="report" title={artifactName(uri)} sandbox="" src={contentUrl(uri, true)} />
      )}
      {kind === 'json' && (
        <div className="json-tree">
          <JsonTree value={value} />
        </div>
      )}
      {kind === 'text' && (
        <pre className="code" tabIndex={0}>
          {text}
        </pre>
      )}
    </>
  );
}

const NUMERIC = /INT|DOUBLE|FLOAT|DECIMAL|REAL/;
const FRACTION = /DOUBLE|FLOAT|DECIMAL|REAL/;
const MOST_CHARACTERS = 60;

interface Row {
  readonly cells: readonly (string | null)[];
  readonly row: number;
}

function TableHead({ table }: { readonly table: PreviewTable }) {
  const { columns, allColumns, rows, head, statistics } = table;
  const isFirst = statistics === 'first rows';
  return (
    <>
      <p className="hint">
        {rows === null ? 'The beginning of the file' : plural(rows, 'row')}, {plural(allColumns, 'column')}
        {allColumns > columns.length && `, the first ${columns.length} of which are shown`}. The statistics
        describe {isFirst ? 'the first rows' : 'every row'}.
      </p>
      <Table
        caption="Columns with their statistics"
        rows={columns}
        rowKey={({ name }) => name}
        columns={[
          { head: 'Column', cell: ({ name }) => name },
          { head: 'Type', cell: ({ type }) => <code>{type}</code> },
          { head: 'Min', numeric: true, cell: ({ min, type }) => shown(min, type) },
          { head: 'Max', numeric: true, cell: ({ max, type }) => shown(max, type) },
          { head: 'Mean', numeric: true, value: ({ mean }) => mean, cell: ({ mean }) => number(mean) },
          {
            head: 'Missing',
            numeric: true,
            value: ({ nulls }) => nulls,
            cell: ({ nulls }) => (nulls === null ? '–' : number(nulls)),
          },
          {
            head: 'Distinct (approx.)',
            numeric: true,
            value: ({ distinct }) => distinct,
            cell: ({ distinct }) => (distinct === null ? '–' : number(distinct)),
          },
        ]}
      />
      {head === null ? (
        <Empty>The first rows are too large to preview. Download the file.</Empty>
      ) : (
        <Table
          caption={`First ${plural(head.length, 'row')}`}
          tight
          rows={head.map((cells, row): Row => ({ cells, row }))}
          rowKey={({ row }) => String(row)}
          columns={columns.map(({ name, type }, column) => ({
            head: name,
            numeric: NUMERIC.test(type),
            value: ({ cells }: Row) => cells[column],
            cell: ({ cells }: Row) => shown(cells[column] ?? null, type, 6),
          }))}
        />
      )}
    </>
  );
}

/** Formats a value of DuckDB. Integers keep all their digits, because they may be ids. */
function shown(value: string | null, type: string, digits?: number): string {
  if (value === null) return '–';
  if (FRACTION.test(type)) return number(Number(value), digits);
  return value.slice(0, MOST_CHARACTERS);
}
