/** Groups the files of a lineage, so that a graph has one node per step output and fits the screen. */
import { artifactName, kindOf, outputFolder } from '../format/artifact-name.ts';
import type { Edge } from './layered-layout.ts';
import { withoutShortcuts } from './step-groups.ts';

interface LineageFile {
  readonly uri: string;
  readonly step: string | null;
}

interface LineageGroup {
  readonly id: string;
  readonly kind: string;
  /** Names of its outputs, such as `2024-03, nyc`, sorted. */
  readonly names: readonly string[];
  readonly uris: readonly string[];
  readonly here: boolean;
}

/** More outputs of one kind become one node. */
const MOST_OF_A_KIND = 3;

export function lineageGroups(
  files: readonly LineageFile[],
  edges: readonly Edge[],
  here: string,
): { readonly groups: readonly LineageGroup[]; readonly edges: readonly Edge[] } {
  const kindByUri = new Map(files.map(({ uri, step }) => [uri, kindOf(uri, step)]));
  const outputOf = ({ uri, step }: LineageFile) =>
    step === null ? uri : `${kindByUri.get(uri)} ${outputFolder(uri)}`;
  const hereFile = files.find(({ uri }) => uri === here);
  const hereOutput = hereFile && outputOf(hereFile);
  const outputsByKind = Map.groupBy(files, ({ uri }) => kindByUri.get(uri)!);
  const groupOf = new Map<string, string>();
  for (const [kind, members] of outputsByKind) {
    const outputs = new Set(members.map(outputOf));
    outputs.delete(hereOutput ?? '');
    for (const file of members) {
      const output = outputOf(file);
      groupOf.set(file.uri, outputs.size > MOST_OF_A_KIND && output !== hereOutput ? kind : output);
    }
  }
  const groups = [...Map.groupBy(files, ({ uri }) => groupOf.get(uri)!)].map(([id, members]) => ({
    id,
    kind: kindByUri.get(members[0]!.uri)!,
    names: [...new Set(members.map(({ uri }) => artifactName(uri).split(': ')[0]!))].sort(),
    uris: members.map(({ uri }) => uri),
    here: members.some(({ uri }) => uri === here),
  }));
  const between = new Map<string, Edge>();
  for (const [from, to] of edges) {
    const [a, b] = [groupOf.get(from), groupOf.get(to)];
    if (a !== undefined && b !== undefined && a !== b) between.set(`${a}\n${b}`, [a, b]);
  }
  return { groups, edges: withoutShortcuts([...between.values()]) };
}

/** Describes the members of a group in a line, such as `2024-01, nyc to 2024-12, nyc`. */
export function summaryOf({ names, uris }: Pick<LineageGroup, 'names' | 'uris'>): string {
  const [first = '', last = ''] = [names[0], names.at(-1)];
  if (names.length === 1) return uris.length > 1 && !first.includes(',') ? `${uris.length} files` : first;
  const [, firstPlace] = first.split(', ');
  const [, lastPlace] = last.split(', ');
  if (firstPlace && firstPlace === lastPlace) return `${first.split(', ')[0]} to ${last}`;
  return `${uris.length} files`;
}
