import type { Expression } from '../expression.js';
import { refersToAny } from '../logical/expression-tree.js';
import type { LogicalJoin, LogicalNode, LogicalWindow, ProjectItem } from '../logical/logical-plan.js';
import { outputIdsOf } from '../logical/plan-tree.js';

/** Columns of which no two rows of a plan have the same values, NULL being the same as NULL. Empty: at most one row. */
export type UniqueKey = ReadonlySet<number>;

const AT_MOST_ONE_ROW: UniqueKey = new Set();
/** More are not looked at. */
const MAX_KEYS = 8;

const cache = new WeakMap<LogicalNode, readonly UniqueKey[]>();

/**
 * What is unique in a plan, as far as the plan itself says: files declare no keys, so it comes from GROUP BY, DISTINCT,
 * LIMIT 1, aggregation without keys and series.
 */
export function uniqueKeysOf(node: LogicalNode): readonly UniqueKey[] {
  let keys = cache.get(node);
  if (!keys) {
    keys = derive(node).slice(0, MAX_KEYS);
    cache.set(node, keys);
  }
  return keys;
}

/** Has the plan at most one row for each combination of values of these columns? */
export function isUniqueOn(node: LogicalNode, columns: ReadonlySet<number>): boolean {
  return uniqueKeysOf(node).some((key) => [...key].every((id) => columns.has(id)));
}

function derive(node: LogicalNode): readonly UniqueKey[] {
  switch (node.kind) {
    case 'values':
      return node.rows.length <= 1 ? [AT_MOST_ONE_ROW] : [];
    case 'generateSeries':
      return [new Set([node.column.id])];
    case 'recursive':
      return node.distinct ? [new Set(node.columns.map(({ id }) => id))] : [];
    case 'filter':
      return withoutFixed(uniqueKeysOf(node.input), fixedColumns(node.conjuncts));
    case 'sort':
    case 'limit':
      return node.limit !== undefined && node.limit <= 1 ? [AT_MOST_ONE_ROW] : uniqueKeysOf(node.input);
    case 'project':
      return renamed(uniqueKeysOf(node.input), node.items);
    case 'aggregate':
      return [
        new Set(node.groupKeys.map(({ column }) => column.id)),
        ...renamed(uniqueKeysOf(node.input), node.groupKeys),
      ];
    case 'window':
      return [...numberedKeys(node), ...uniqueKeysOf(node.input)];
    case 'join':
      return joinKeys(node);
    default:
      return [];
  }
}

/** Within a partition each row has its own number; one of them where no more are handed on. */
function numberedKeys(node: LogicalWindow): readonly UniqueKey[] {
  const partition = node.partitionBy.flatMap((key) => (key.kind === 'column' ? [key.column] : []));
  if (partition.length < node.partitionBy.length) return [];
  return node.functions
    .filter(({ call }) => call.name === 'row_number')
    .map(({ column }) => {
      const isOnly = node.limit?.column === column.id && node.limit.count <= 1;
      return new Set(isOnly ? partition : [...partition, column.id]);
    });
}

/** Columns that a condition holds to one value. */
function fixedColumns(conjuncts: readonly Expression[]): ReadonlySet<number> {
  return new Set(
    conjuncts.flatMap((conjunct) => {
      if (conjunct.kind !== 'comparison' || conjunct.operator !== '=') return [];
      const { left, right } = conjunct;
      if (left.kind === 'column' && right.kind === 'constant') return [left.column];
      return right.kind === 'column' && left.kind === 'constant' ? [right.column] : [];
    }),
  );
}

function withoutFixed(keys: readonly UniqueKey[], fixed: ReadonlySet<number>): readonly UniqueKey[] {
  return fixed.size === 0 ? keys : keys.map((key) => new Set([...key].filter((id) => !fixed.has(id))));
}

/** Keys whose columns are all handed on, under their new ids. */
function renamed(keys: readonly UniqueKey[], items: readonly ProjectItem[]): readonly UniqueKey[] {
  const names = new Map<number, number>();
  for (const { column, expression } of items) {
    if (expression.kind === 'column' && !names.has(expression.column)) names.set(expression.column, column.id);
  }
  return keys
    .filter((key) => [...key].every((id) => names.has(id)))
    .map((key) => new Set([...key].map((id) => names.get(id)!)));
}

function joinKeys(join: LogicalJoin): readonly UniqueKey[] {
  switch (join.joinKind) {
    case 'semi':
    case 'anti':
    case 'nullAwareAnti':
    case 'mark':
    case 'single':
      return uniqueKeysOf(join.left);
    case 'full':
      return [];
    case 'inner':
    case 'left': {
      const left = uniqueKeysOf(join.left);
      const right = uniqueKeysOf(join.right);
      const keys: UniqueKey[] = [];
      if (matchesAtMostOnce(join, 'right')) keys.push(...left);
      if (join.joinKind === 'inner' && matchesAtMostOnce(join, 'left')) keys.push(...right);
      for (const ofLeft of left) for (const ofRight of right) keys.push(new Set([...ofLeft, ...ofRight]));
      return keys;
    }
  }
}

/** Does each row of the other side match at most one row of this one, by the equalities of the join? */
export function matchesAtMostOnce(join: LogicalJoin, side: 'left' | 'right'): boolean {
  const own = outputIdsOf(join[side]);
  const fixed = new Set<number>();
  for (const condition of join.conditions) {
    if (condition.kind !== 'comparison') continue;
    if (condition.operator !== '=' && condition.operator !== 'is not distinct from') continue;
    for (const [one, other] of [
      [condition.left, condition.right],
      [condition.right, condition.left],
    ] as const) {
      if (one.kind === 'column' && own.has(one.column) && !refersToAny(other, own)) fixed.add(one.column);
    }
  }
  return isUniqueOn(join[side], fixed);
}
