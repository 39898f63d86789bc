import type { Expression } from '../../planner/expression.js';
import { DictionaryHoist } from '../expression/dictionary-hoist.js';
import { type GraphNode, graphOf } from '../expression/expression-graph.js';
import type { PipelinePlan } from './pipeline-plan.js';

type Origins = (column: number) => number | undefined;

/**
 * Columns of a scan that are handed on as codes where a file has dictionaries of them, whatever their type: something
 * that costs more than a look-up is computed of one of them alone, and so once an entry, or rows are grouped by it.
 * Texts always are.
 */
export function findCodedColumns({ steps, sink }: PipelinePlan): ReadonlySet<number> {
  const found = new Set<number>();
  /** For each column of the rows at hand the scan's column that it is. */
  let origins: Origins | undefined = (column) => column;
  const note = (column: number): void => {
    const origin = origins?.(column);
    if (origin !== undefined) found.add(origin);
  };
  const noteComputed = (expressions: readonly Expression[]): void => {
    for (const column of columnsComputedOf(graphOf(expressions).roots)) note(column);
  };
  for (const step of steps) {
    if (step.kind === 'limit') continue;
    if (step.kind !== 'project') {
      origins = undefined;
      break;
    }
    noteComputed(step.expressions);
    const before: Origins | undefined = origins;
    origins = (column) => {
      const expression = step.expressions[column];
      return expression?.kind === 'column' ? before?.(expression.column) : undefined;
    };
  }
  if (origins !== undefined && sink.kind === 'aggregate') {
    for (const key of sink.node.groupKeys) if (key.kind === 'column') note(key.column);
    noteComputed(sink.node.groupKeys);
    noteComputed(sink.node.aggregates.flatMap(({ args, filter }) => (filter ? [...args, filter] : args)));
  }
  return found;
}

function columnsComputedOf(roots: readonly GraphNode[]): number[] {
  return DictionaryHoist.candidates(roots).flatMap((node) => (node.expensive ? node.columns : []));
}
