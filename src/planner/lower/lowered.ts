import type { Expression } from '../expression.js';
import { columnsOf } from '../logical/expression-tree.js';
import type { LogicalColumn, LogicalNode } from '../logical/logical-plan.js';
import type { PhysicalColumn, PhysicalNode } from '../physical/physical-plan.js';
import { Ordinals } from './ordinals.js';

/** A physical plan and the ids of the columns it returns, in order. */
export interface Lowered {
  readonly node: PhysicalNode;
  readonly columns: readonly LogicalColumn[];
}

/** Ids of the columns that are used above. */
export type Required = ReadonlySet<number>;

/** What lowering one node needs of the lowering of the plan around it. */
export interface NodeLowering {
  nextId: number;
  lower(node: LogicalNode, required: Required): Lowered;
  base(
    node: LogicalNode,
    columns: readonly LogicalColumn[],
  ): { readonly id: number; readonly columns: readonly PhysicalColumn[]; readonly estimatedRows: number };
}

export const ordinalsOf = (lowered: Lowered): Ordinals => new Ordinals(lowered.columns.map((column) => column.id));

export function withUses(required: Required, expressions: readonly Expression[]): Required {
  const uses = new Set(required);
  for (const expression of expressions) for (const id of columnsOf(expression)) uses.add(id);
  return uses;
}
