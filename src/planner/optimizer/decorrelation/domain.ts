import { BOOLEAN } from '../../../types/sql-type.js';
import type { Expression } from '../../expression.js';
import { clonePlan } from '../../logical/clone-plan.js';
import {
  andOf,
  caseBranch,
  columnsOf,
  isConstant,
  isNullOf,
  refer,
  substituteColumns,
  TRUE,
  UNKNOWN_TRUTH,
} from '../../logical/expression-tree.js';
import type { LogicalColumn, LogicalJoin, LogicalNode, ProjectItem } from '../../logical/logical-plan.js';
import { mayBeNull, nullableIn } from '../../logical/nullability.js';
import { outputIdsOf, outputOf } from '../../logical/plan-tree.js';
import { keyPair } from '../../lower/join-keys.js';
import type { RuleContext } from '../rule.js';
import { type Decorrelation, outerEquals, type Pulled } from './pulled.js';

interface Domain {
  readonly pulled: Pulled;
  /** From outer column ids to the domain's columns. */
  readonly columns: ReadonlyMap<number, LogicalColumn>;
  readonly replacements: ReadonlyMap<number, Expression>;
}

interface DomainPlan {
  readonly plan: LogicalNode;
  readonly columns: ReadonlyMap<number, LogicalColumn>;
  readonly replacements: ReadonlyMap<number, Expression>;
}

/** The distinct values of some outer columns. */
export function domainOf(ids: readonly number[], { left, context }: Decorrelation): DomainPlan {
  const clone = clonePlan(left, context.ids);
  const columns = new Map<number, LogicalColumn>();
  const groupKeys = ids.map((id): ProjectItem => {
    const source = clone.columns.get(id)!;
    const column = context.ids.column(source.name, source.type, source.nullable);
    columns.set(id, column);
    return { column, expression: refer(source) };
  });
  return {
    plan: { kind: 'aggregate', input: clone.plan, groupKeys, aggregates: [] },
    columns,
    replacements: new Map([...columns].map(([id, column]) => [id, refer(column)])),
  };
}

function outerColumnsOf(conjuncts: readonly Expression[], outer: ReadonlySet<number>): Set<number> {
  return new Set(conjuncts.flatMap((conjunct) => [...columnsOf(conjunct)].filter((id) => outer.has(id))));
}

/** Joins the domain in: its columns stand for the outer ones, and only equality with them remains to be checked. */
export function addDomain(pulled: Pulled, more: ReadonlySet<number>, state: Decorrelation): Domain {
  const ids = [...new Set([...more, ...outerColumnsOf(pulled.conjuncts, state.outer)])];
  const domain = domainOf(ids, state);
  const plan: LogicalJoin = {
    kind: 'join',
    joinKind: 'inner',
    left: domain.plan,
    right: pulled.plan,
    conditions: pulled.conjuncts.map((conjunct) => substituteColumns(conjunct, domain.replacements)),
  };
  const conjuncts = ids.map((id) => outerEquals(id, domain.columns.get(id)!, state));
  return { pulled: { plan, conjuncts }, columns: domain.columns, replacements: domain.replacements };
}

/** A plan that has the row of an aggregation over nothing, for every combination of outer values without a match. */
export function restoreEmptyRow(pulled: Pulled, state: Decorrelation): Pulled {
  const ids = [...outerColumnsOf(pulled.conjuncts, state.outer)];
  const domain = domainOf(ids, state);
  const conditions = pulled.conjuncts.map((conjunct) => substituteColumns(conjunct, domain.replacements));
  const joined = joinWithDefaults(domain.plan, pulled, conditions, state.context);
  return { plan: joined, conjuncts: ids.map((id) => outerEquals(id, domain.columns.get(id)!, state)) };
}

/** A left join that gives the values of the empty row where nothing matches. */
export function joinWithDefaults(
  left: LogicalNode,
  pulled: Pulled,
  conditions: readonly Expression[],
  { ids }: RuleContext,
): LogicalNode {
  const outputs = outputOf(pulled.plan);
  const defaults = pulled.emptyRow!;
  const needsMark = outputs.some((column) => column.nullable && !isNullConstant(defaults.get(column.id)));
  const mark = ids.column('matched', BOOLEAN, false);
  const right: LogicalNode = needsMark
    ? {
        kind: 'project',
        input: pulled.plan,
        items: [...outputs.map(handOn), { column: mark, expression: TRUE }],
      }
    : pulled.plan;
  const join: LogicalJoin = { kind: 'join', joinKind: 'left', left, right, conditions };
  if (outputs.every((column) => isNullConstant(defaults.get(column.id)))) return join;
  const items = outputs.map((column): ProjectItem => {
    const value = defaults.get(column.id);
    if (!value || isNullConstant(value)) return { column: { ...column, nullable: true }, expression: refer(column) };
    const { type } = column;
    const expression: Expression = column.nullable
      ? { kind: 'case', type, branches: [caseBranch(isNullOf(refer(mark)), value)], otherwise: refer(column) }
      : { kind: 'coalesce', type, operands: [refer(column), value] };
    return { column: { ...column, nullable: column.nullable || value.kind !== 'constant' }, expression };
  });
  return { kind: 'project', input: join, items: [...outputOf(left).map(handOn), ...items] };
}

export const handOn = (column: LogicalColumn): ProjectItem => ({ column, expression: refer(column) });

const isNullConstant = (value: Expression | undefined): boolean => value === undefined || isConstant(value, null);

/**
 * A join with further conditions. NOT IN and nullable IN answer NULL for some rows without a match; their hash table
 * can do that for one key and no other condition, or needs not do it where no operand can be NULL. Other cases are
 * spelt out.
 */
export function addJoinConditions(join: LogicalJoin, extra: readonly Expression[], context: RuleContext): LogicalNode {
  const nullAware = join.nullAware === true || join.joinKind === 'nullAwareAnti';
  if (!nullAware) return { ...join, conditions: [...join.conditions, ...extra] };
  const isNullable = nullableIn(join.left, join.right);
  const neverNull = join.conditions.every((condition) => !mayBeNull(condition, isNullable));
  const plain = { ...join, nullAware: undefined, conditions: [...join.conditions, ...extra] };
  if (neverNull) return join.joinKind === 'mark' ? plain : { ...plain, joinKind: 'anti' };
  const [only] = join.conditions;
  const simple = extra.length === 0 && join.conditions.length === 1;
  const pair = simple && keyPair(only!, outputIdsOf(join.left), outputIdsOf(join.right));
  if (pair && !pair.nullsEqual) return join;
  if (join.joinKind === 'mark') return spelledOutMark(plain, join, extra, context);
  const possible: Expression = {
    kind: 'booleanTest',
    type: BOOLEAN,
    input: andOf(join.conditions),
    value: false,
    negated: true,
  };
  return { ...plain, joinKind: 'anti', conditions: [...extra, possible] };
}

/** True where a row matches, else NULL where the comparison with some row is NULL, else false. */
function spelledOutMark(
  matched: LogicalJoin,
  join: LogicalJoin,
  extra: readonly Expression[],
  { ids }: RuleContext,
): LogicalNode {
  const mark = join.markColumn!;
  const isMatch = ids.column('match', BOOLEAN, false);
  const isUnknown = ids.column('unknown', BOOLEAN, false);
  const clone = clonePlan(join.right, ids);
  const replacements = new Map([...clone.columns].map(([id, column]) => [id, refer(column)]));
  const unknown = [...extra, isNullOf(andOf(join.conditions))].map((e) => substituteColumns(e, replacements));
  const input: LogicalJoin = {
    kind: 'join',
    joinKind: 'mark',
    left: { ...matched, markColumn: isMatch },
    right: clone.plan,
    conditions: unknown,
    markColumn: isUnknown,
  };
  const expression: Expression = {
    kind: 'case',
    type: BOOLEAN,
    branches: [caseBranch(refer(isMatch), TRUE), caseBranch(refer(isUnknown), UNKNOWN_TRUTH)],
    otherwise: { ...TRUE, value: false },
  };
  return { kind: 'project', input, items: [...outputOf(join.left).map(handOn), { column: mark, expression }] };
}
