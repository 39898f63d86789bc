import { refer } from '../logical/expression-tree.js';
import type { LogicalColumn, LogicalNode, LogicalRecursive, ProjectItem } from '../logical/logical-plan.js';
import { outputOf } from '../logical/plan-tree.js';
import { hashable } from './comparable-keys.js';

/** A term of a recursion, and which of its columns are those of the recursion. */
export interface RecursionTerm {
  readonly plan: LogicalNode;
  readonly columns: readonly number[];
}

/** A recursion whose rows carry what tells them apart; `columns` begin with those that it is known by. */
export interface KeyedRecursion {
  readonly anchor: RecursionTerm;
  readonly step: RecursionTerm;
  readonly columns: readonly LogicalColumn[];
  /** Ordinals of the columns by which rows are told apart; undefined where all are kept. */
  readonly keys: readonly number[] | undefined;
}

/** The recursion, each of whose terms computes a key for columns whose equal values may be written differently (jsonb). */
export function keyedRecursion(node: LogicalRecursive): KeyedRecursion {
  const { columns, distinct } = node;
  const anchor = { plan: node.anchor, columns: node.anchorColumns };
  const step = { plan: node.step, columns: node.stepColumns };
  if (!distinct) return { anchor, step, columns, keys: undefined };
  const added: LogicalColumn[] = [];
  const keys = columns.map((column, i) => {
    const value = refer(column);
    const key = hashable(value);
    if (key === value) return i;
    // No column of a plan has such an id.
    added.push({ ...column, id: -1 - i, type: key.type });
    return columns.length + added.length - 1;
  });
  const withKeys = (term: RecursionTerm): RecursionTerm => (added.length === 0 ? term : withKeysOf(term, added));
  return { anchor: withKeys(anchor), step: withKeys(step), columns: [...columns, ...added], keys };
}

function withKeysOf({ plan, columns }: RecursionTerm, added: readonly LogicalColumn[]): RecursionTerm {
  const byId = new Map(outputOf(plan).map((column) => [column.id, column]));
  const items: ProjectItem[] = [...byId.values()].map((column) => ({ column, expression: refer(column) }));
  for (const column of added) {
    const value = refer(byId.get(columns[-1 - column.id]!)!);
    items.push({ column, expression: hashable(value) });
  }
  return { plan: { kind: 'project', input: plan, items }, columns: [...columns, ...added.map(({ id }) => id)] };
}
