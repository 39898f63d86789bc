import { mapInputs } from '../physical/physical-inputs.js';
import type { HashJoinNode, PhysicalNode, ScanSortBound, SortNode } from '../physical/physical-plan.js';
import { KEEPS_PROBE_ROWS } from './join-filters.js';

/** A wish on its way down: the column is one of the node that it has reached. */
type Wanted = ScanSortBound | undefined;

/**
 * Lets scans leave out rows that a top-N above would drop: while it collects rows, it learns beyond which value of its
 * first key none is wanted.
 *
 * The wish moves down for as long as a row gives, by itself, rows with the same first key, within one pipeline: through
 * filters, projections that hand the key on, unions, and to the probe sides of joins that keep or drop probe rows one
 * by one.
 */
export function addSortBounds(node: PhysicalNode): PhysicalNode {
  return place(node, undefined);
}

function place(node: PhysicalNode, wanted: Wanted): PhysicalNode {
  switch (node.kind) {
    case 'scan':
      return wanted === undefined ? node : { ...node, sortBound: wanted };
    case 'sort':
      return { ...node, input: place(node.input, boundOf(node)) };
    case 'filter':
      return { ...node, input: place(node.input, wanted) };
    case 'project': {
      const key = wanted && node.expressions[wanted.column];
      const below = wanted && key?.kind === 'column' ? { ...wanted, column: key.column } : undefined;
      return { ...node, input: place(node.input, below) };
    }
    case 'unionAll':
      return { ...node, inputs: node.inputs.map((input) => place(input, wanted)) };
    case 'hashJoin':
      return placeInJoin(node, wanted);
    case 'recursive':
      return mapInputs(node, (input) => place(input, undefined));
    default:
      return 'input' in node ? { ...node, input: place(node.input, undefined) } : node;
  }
}

function placeInJoin(node: HashJoinNode, wanted: Wanted): HashJoinNode {
  // What a mark join appends is beyond its outputs.
  const column = wanted && node.outputs[wanted.column];
  const isOfProbe = column !== undefined && column < node.probe.columns.length && KEEPS_PROBE_ROWS.has(node.joinKind);
  const below = wanted && isOfProbe ? { ...wanted, column } : undefined;
  return { ...node, probe: place(node.probe, below), build: place(node.build, undefined) };
}

function boundOf({ id, keys, limit, offset = 0 }: SortNode): Wanted {
  const key = keys[0]?.expression;
  return limit === undefined || key?.kind !== 'column'
    ? undefined
    : { sort: id, column: key.column, rows: limit + offset };
}
