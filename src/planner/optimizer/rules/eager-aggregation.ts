import type { Expression } from '../../expression.js';
import { functionOf } from '../../format-expression.js';
import { columnsOf, refer, refersOnlyTo, refersToAny, substituteColumns } from '../../logical/expression-tree.js';
import type {
  ColumnIds,
  LogicalAggregate,
  LogicalAggregateItem,
  LogicalJoin,
  LogicalNode,
  ProjectItem,
} from '../../logical/logical-plan.js';
import { mapCall, outputIdsOf, outputOf } from '../../logical/plan-tree.js';
import { belowProjections } from '../../logical/projections.js';
import { estimate } from '../../statistics/estimate.js';
import type { ColumnEstimates } from '../../statistics/value-range.js';
import { eagerGain } from '../eager-gain.js';
import { mayFail } from '../may-fail.js';
import { strictColumns } from '../null-rejection.js';
import { isDecomposable, type TwoSteps, twoStepsOf } from '../partial-aggregates.js';
import type { NodeRule } from '../rule.js';
import { isVolatile } from '../volatility.js';
import { IDENTICAL_IF_EQUAL } from './dependent-keys.js';

/**
 * Rows that agree in what joins look at, and in the keys of GROUP BY, stay together: where there are few such groups,
 * they are made below the joins, which then match groups instead of rows, and combined above. An average is a sum and a
 * count until the end.
 *
 *     aggregate sum(x) by n over (scan l join scan s on k = sk)
 *       →  aggregate sum(p) by n over ((aggregate sum(x) as p by k over scan l) join scan s on k = sk)
 *
 * Conditions are tested for one row of a group: equal keys must be the same. Nothing that could fail is computed for rows
 * that a join might have left out.
 */
export const eagerAggregation: NodeRule = {
  name: 'eager-aggregation',
  description: 'Groups rows before joins, where that leaves few.',
  traversal: 'up',
  rewrite(node, { ids, isForced }) {
    const request = node.kind === 'aggregate' ? requestOf(node) : undefined;
    if (request === undefined) return undefined;
    let best: { readonly plan: LogicalNode; readonly gain: number } | undefined;
    for (const place of placesBelow(request.input, [])) {
      const grouped = groupedAt(place, request, ids);
      if (grouped && grouped.gain > (best?.gain ?? (isForced ? Number.NEGATIVE_INFINITY : 0))) best = grouped;
    }
    return best?.plan;
  },
};

/** An aggregation over a join, in terms of the join's columns. */
interface Request extends LogicalAggregate {
  readonly input: LogicalJoin;
}

function requestOf(node: LogicalAggregate): Request | undefined {
  const { plan: input, values } = belowProjections(node.input);
  if (input.kind !== 'join' || !node.aggregates.every(isDecomposable)) return undefined;
  const inBelow = (expression: Expression): Expression => substituteColumns(expression, values);
  const groupKeys = node.groupKeys.map((key) => ({ ...key, expression: inBelow(key.expression) }));
  const aggregates = node.aggregates.map((item) => ({ ...item, call: mapCall(item.call, inBelow) }));
  const computed = [...groupKeys.map(({ expression }) => expression), ...aggregates.flatMap(expressionsOfCall)];
  return computed.some(isVolatile) ? undefined : { ...node, input, groupKeys, aggregates };
}

function expressionsOfCall({ call }: LogicalAggregateItem): readonly Expression[] {
  return call.filter ? [...call.args, call.filter] : call.args;
}

interface Step {
  readonly join: LogicalJoin;
  readonly side: 'left' | 'right';
}

/** Where rows may be grouped: below joins, the uppermost first. */
interface Place {
  readonly path: readonly Step[];
  readonly input: LogicalNode;
}

/** The sides of whose rows a join hands on all, none, or one for each match. */
const SIDES: Readonly<Record<LogicalJoin['joinKind'], readonly Step['side'][]>> = {
  inner: ['left', 'right'],
  left: ['left', 'right'],
  semi: ['left'],
  anti: ['left'],
  nullAwareAnti: ['left'],
  full: [],
  mark: [],
  single: [],
};

function placesBelow(join: LogicalJoin, above: readonly Step[]): Place[] {
  if (join.conditions.some(isVolatile)) return [];
  return SIDES[join.joinKind].flatMap((side) => {
    const path = [...above, { join, side }];
    const input = join[side];
    return [{ path, input }, ...(input.kind === 'join' ? placesBelow(input, path) : [])];
  });
}

function groupedAt(
  { path, input }: Place,
  request: Request,
  ids: ColumnIds,
): { readonly plan: LogicalNode; readonly gain: number } | undefined {
  const source: Source = { own: outputIdsOf(input), columns: estimate(input).columns };
  const isOptional = path.some(({ join, side }) => join.joinKind === 'left' && side === 'right');
  const steps = request.aggregates.map((item) => stepsOf(item, source, isOptional, ids));
  if (steps.includes(undefined)) return undefined;
  const keys = new PartialKeys(input, source, isOptional, ids);
  const groupKeys = request.groupKeys.map((key) => ({ ...key, expression: keys.take(key.expression) }));
  const joins = path.map((step) => ({ ...step, conditions: step.join.conditions.map((one) => keys.columnsIn(one)) }));
  // Without keys there would be a group of no rows.
  if (keys.items.length === 0 || !keys.areIdentical) return undefined;
  const taken = steps as readonly AggregateSteps[];
  const aggregates = taken.flatMap((step) => step.partial);
  const partial: LogicalAggregate = { kind: 'aggregate', input, groupKeys: keys.items, aggregates };
  const onTheWay = path.map(({ join, side }) => ({
    join,
    own: join[side],
    other: join[side === 'left' ? 'right' : 'left'],
  }));
  const gain = eagerGain(partial, onTheWay, request);
  const joined = joins.reduceRight<LogicalNode>(
    (below, { join, side, conditions }) => ({ ...join, [side]: below, conditions }),
    partial,
  );
  const combined: LogicalAggregate = {
    kind: 'aggregate',
    input: joined,
    groupKeys,
    aggregates: taken.flatMap((step) => step.combined),
  };
  const items = [
    ...request.groupKeys.map(({ column }) => ({ column, expression: refer(column) })),
    ...request.aggregates.map(({ column }, i) => ({ column, expression: taken[i]!.result })),
  ];
  return { plan: { kind: 'project', input: combined, items }, gain };
}

/** The rows of a place. */
interface Source {
  readonly own: ReadonlySet<number>;
  readonly columns: ColumnEstimates;
}

type AggregateSteps = Pick<TwoSteps, 'partial' | 'combined' | 'result'>;

/** What is the same however often a row is met. */
const IDEMPOTENT: ReadonlySet<string> = new Set('min max bool_and bool_or bit_and bit_or any_value'.split(' '));

/** Of an aggregate over columns of the place, or over others; undefined where it has some of both. */
function stepsOf(
  item: LogicalAggregateItem,
  { own, columns }: Source,
  isOptional: boolean,
  ids: ColumnIds,
): AggregateSteps | undefined {
  const expressions = expressionsOfCall(item);
  const [argument] = item.call.args;
  if (expressions.every((expression) => refersOnlyTo(expression, own))) {
    if (expressions.some((one) => mayFail(one, columns))) return undefined;
    if (!isOptional) return twoStepsOf(item, ids);
    // Rows that an outer join adds do not get here.
    if (expressions.length === 0) return withAddedRows(twoStepsOf(item, ids));
    const countsNothing = argument && [...strictColumns(argument)].some((id) => own.has(id));
    return countsNothing ? twoStepsOf(item, ids) : undefined;
  }
  const isElsewhere = !expressions.some((expression) => refersToAny(expression, own));
  if (!isElsewhere || !IDEMPOTENT.has(functionOf(item.call.overload))) return undefined;
  return { partial: [], combined: [item], result: refer(item.column) };
}

/** A count of rows, of which there is one where an outer join has found none. */
function withAddedRows({ partial, combined, result }: AggregateSteps): AggregateSteps {
  const orOne = (count: Expression): Expression => {
    const { type } = count;
    return { kind: 'coalesce', type, operands: [count, { kind: 'constant', type, value: 1n }] };
  };
  return { partial, combined: combined.map((item) => ({ ...item, call: mapCall(item.call, orOne) })), result };
}

/** The keys by which rows of `input` are grouped, and expressions above in terms of them. */
class PartialKeys {
  readonly items: ProjectItem[] = [];
  private readonly columns = new Map<number, Expression>();
  private readonly source: Source;
  private readonly input: LogicalNode;
  private readonly isOptional: boolean;
  private readonly ids: ColumnIds;

  constructor(input: LogicalNode, source: Source, isOptional: boolean, ids: ColumnIds) {
    this.input = input;
    this.isOptional = isOptional;
    this.ids = ids;
    this.source = source;
  }

  /** Do keys of one group have the same bytes? */
  get areIdentical(): boolean {
    return this.items.every(({ expression }) => IDENTICAL_IF_EQUAL.has(expression.type.kind));
  }

  /** A key of GROUP BY: computed below where it can be, so that there are fewer groups. */
  take(key: Expression): Expression {
    const isBelow = key.kind !== 'column' && columnsOf(key).size > 0 && refersOnlyTo(key, this.source.own);
    // Of a row that an outer join adds, a key is computed above.
    if (!isBelow || this.isOptional || mayFail(key, this.source.columns)) return this.columnsIn(key);
    return this.add('key', key);
  }

  columnsIn(expression: Expression): Expression {
    for (const id of columnsOf(expression)) {
      if (!this.source.own.has(id) || this.columns.has(id)) continue;
      const column = outputOf(this.input).find((candidate) => candidate.id === id)!;
      this.columns.set(id, this.add(column.name, refer(column)));
    }
    return substituteColumns(expression, this.columns);
  }

  private add(name: string, expression: Expression): Expression {
    const column = this.ids.column(name, expression.type, true);
    this.items.push({ column, expression });
    return refer(column);
  }
}
