import { INTEGER } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { equals, refer } from '../logical/expression-tree.js';
import type {
  LogicalAggregate,
  LogicalColumn,
  LogicalNode,
  LogicalValues,
  ProjectItem,
} from '../logical/logical-plan.js';
import { mayBeNull, nullableIn } from '../logical/nullability.js';
import { outputOf } from '../logical/plan-tree.js';
import { emptyAggregates } from '../optimizer/decorrelation/pull-up.js';
import type { AggregateCollector } from './aggregate-collector.js';
import type { BindContext } from './bind-context.js';
import type { GroupKeys } from './bind-group-by.js';

/** The aggregation of a SELECT. */
export function groupRows(
  input: LogicalNode,
  keys: GroupKeys | undefined,
  collector: AggregateCollector,
  context: BindContext,
): LogicalNode {
  const aggregates = collector.items;
  if (!keys?.sets) return { kind: 'aggregate', input, groupKeys: keys?.items ?? [], aggregates };
  const { ids } = context;
  const { setColumn } = collector;
  const withKeys = computeKeys(input, keys, context);
  const expandedKeys = withKeys.sources.map(
    (source, i): ProjectItem => ({ column: { ...keys.items[i]!.column, id: ids.create() }, expression: refer(source) }),
  );
  const expandedSet = ids.column('set', INTEGER, false);
  const aggregate: LogicalAggregate = {
    kind: 'aggregate',
    input: { kind: 'expand', input: withKeys.plan, keys: expandedKeys, sets: keys.sets, setColumn: expandedSet },
    groupKeys: [
      ...keys.items.map(({ column }, i) => ({ column, expression: refer(expandedKeys[i]!.column) })),
      { column: setColumn, expression: refer(expandedSet) },
    ],
    aggregates,
  };
  const empty = keys.sets.flatMap((set, i) => (set.length === 0 ? [i] : []));
  return empty.length === 0 ? aggregate : withEmptySets(aggregate, empty, setColumn, context);
}

/** Keys as columns: what is computed comes into a projection. */
function computeKeys(
  input: LogicalNode,
  keys: GroupKeys,
  { ids }: BindContext,
): { readonly plan: LogicalNode; readonly sources: readonly LogicalColumn[] } {
  const columns = outputOf(input);
  const own = new Map(columns.map((column) => [column.id, column]));
  const isNullable = nullableIn(input);
  const computed: ProjectItem[] = [];
  const sources = keys.items.map(({ column, expression }) => {
    const source = expression.kind === 'column' ? own.get(expression.column) : undefined;
    if (source) return source;
    const made = ids.column(column.name, expression.type, mayBeNull(expression, isNullable));
    computed.push({ column: made, expression });
    return made;
  });
  if (computed.length === 0) return { plan: input, sources };
  const handedOn = columns.map((column): ProjectItem => ({ column, expression: refer(column) }));
  return { plan: { kind: 'project', input, items: [...handedOn, ...computed] }, sources };
}

/** The set without keys has a row also when there is none to group. */
function withEmptySets(
  aggregate: LogicalAggregate,
  numbers: readonly number[],
  setColumn: LogicalColumn,
  { ids }: BindContext,
): LogicalNode {
  const found = ids.column(setColumn.name, INTEGER, false);
  const expected = ids.column(setColumn.name, INTEGER, false);
  const right: LogicalValues = {
    kind: 'values',
    columns: [expected],
    rows: numbers.map((value) => [{ kind: 'constant', type: INTEGER, value }]),
  };
  const keyed = aggregate.groupKeys.map((key) => (key.column === setColumn ? { ...key, column: found } : key));
  const defaults = emptyAggregates(aggregate);
  const calls = aggregate.aggregates.map((item) => {
    const value = defaults.get(item.column.id);
    const isNull = value === undefined || (value.kind === 'constant' && value.value === null);
    return {
      item,
      value: isNull ? undefined : value,
      column: isNull ? item.column : { ...item.column, id: ids.create() },
    };
  });
  const left: LogicalAggregate = {
    ...aggregate,
    groupKeys: keyed,
    aggregates: calls.map(({ item, column }) => ({ ...item, column })),
  };
  const coalesced = (column: LogicalColumn, ...operands: Expression[]): ProjectItem => ({
    column,
    expression: { kind: 'coalesce', type: column.type, operands },
  });
  return {
    kind: 'project',
    input: { kind: 'join', joinKind: 'full', left, right, conditions: [equals(refer(found), refer(expected))] },
    items: [
      ...aggregate.groupKeys.map(({ column }) =>
        column === setColumn ? coalesced(column, refer(found), refer(expected)) : { column, expression: refer(column) },
      ),
      ...calls.map(({ item, value, column }) =>
        value ? coalesced(item.column, refer(column), value) : { column: item.column, expression: refer(item.column) },
      ),
    ],
  };
}
