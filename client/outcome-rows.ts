/** Says in a terminal what a run achieved, in the words of the contract of its workflow, which the console shows too. */
import type { OutcomeLink } from '../contracts/outcome.ts';
import { STARTABLE_WORKFLOWS } from '../contracts/workflows/index.ts';
import type { LabelledText } from './labelled-lines.ts';

/** Returns the summary, the facts and the addresses of a result. */
export function outcomeRows(workflow: string, result: unknown, input: object = {}): LabelledText[] {
  const outcome =
    typeof result === 'object' && result !== null
      ? STARTABLE_WORKFLOWS.get(workflow)?.outcome?.(result, input)
      : undefined;
  if (!outcome) return [];
  return [
    ['outcome', outcome.summary],
    ...outcome.facts.map(({ name, value }): LabelledText => [name, value]),
    ...outcome.links.flatMap(placeOf),
  ];
}

/** Returns where a terminal finds something that the run made. The console's page of the run links to the rest. */
function placeOf(link: OutcomeLink): LabelledText[] {
  switch (link.kind) {
    case 'artifact':
      return [[link.label, link.uri]];
    case 'run':
      return [['child run', link.workflowId]];
    case 'forecast':
      return [['chart', 'npx citibike forecast']];
    default:
      return [];
  }
}
