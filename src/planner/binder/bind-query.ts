import { bugError, unreachable, userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { BIGINT } from '../../types/sql-type.js';
import type { CatalogView } from '../catalog-view.js';
import type { ConstantExpression } from '../expression.js';
import { refer } from '../logical/expression-tree.js';
import { ColumnIds, type LogicalNode } from '../logical/logical-plan.js';
import { compareNumber, numberedRows } from '../logical/numbered-rows.js';
import { withCommonTables } from './bind-common-tables.js';
import {
  type BindContext,
  type BindSettings,
  type BoundQuery,
  type ParameterSlots,
  unsupported,
} from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { bindSortTargets } from './bind-order-by.js';
import { bindSelect } from './bind-select.js';
import { bindSetOperation } from './bind-set-operation.js';
import { bindValues } from './bind-values.js';
import { coerce } from './coerce.js';
import { collectRelations } from './collect-relations.js';
import { isComputed, limitByNumbers } from './computed-limit.js';
import { foldOnce } from './fold.js';
import { EMPTY_NAMESPACE, type Scope } from './scope.js';
import { withoutSingleReaders } from './shared-common-table.js';

export interface BindRequest extends BindSettings {
  readonly catalog: CatalogView;
  readonly parameters: ParameterSlots;
  /** Columns that are untyped literals keep the type unknown, for INSERT to decide. */
  readonly keepUnknown?: boolean | undefined;
}

export interface BoundStatement extends BoundQuery {
  readonly context: BindContext;
}

const ROOT: Scope = { namespace: EMPTY_NAMESPACE, parent: undefined, commonTables: new Map() };

/** Names become columns and types: from a query's syntax tree to a logical plan. Looks all tables up first. */
export async function bindQuery(query: Ast.Query, request: BindRequest): Promise<BoundStatement> {
  const relations = await collectRelations(query, request.catalog);
  const context: BindContext = {
    evaluateConstant: request.evaluateConstant,
    sessionValue: request.sessionValue,
    userFunctions: request.userFunctions,
    timeZone: request.timeZone,
    parameters: request.parameters,
    ...relations,
    ids: new ColumnIds(),
    bindQuery: (inner, scope, keepUnknown = false) => bindInScope(inner, scope, context, keepUnknown),
    withCommonTables: (clause, outer) => withCommonTables(clause, outer, context),
    openViews: [],
  };
  const bound = bindInScope(query, ROOT, context, request.keepUnknown === true);
  return { ...bound, plan: withoutSingleReaders(bound.plan), context };
}

function bindInScope(query: Ast.Query, outer: Scope, context: BindContext, keepUnknown: boolean): BoundQuery {
  const scope = query.with ? withCommonTables(query.with, outer, context) : outer;
  const sortsInside = query.body.kind === 'select';
  const bound = bindBody(query.body, sortsInside ? query.orderBy : [], scope, context, keepUnknown);
  const sorted = sortsInside ? bound : sortByOutput(bound, query.orderBy);
  return limited(sorted, query, scope, context);
}

function bindBody(
  body: Ast.QueryBody,
  orderBy: readonly Ast.OrderByItem[],
  scope: Scope,
  context: BindContext,
  keepUnknown: boolean,
): BoundQuery {
  switch (body.kind) {
    case 'select':
      if (body.into !== undefined) throw misplacedIntoError(body.into.position);
      return bindSelect(body, orderBy, scope, context, keepUnknown);
    case 'values':
      return bindValues(body, scope, context, keepUnknown);
    case 'setOperation':
      return bindSetOperation(body, context, (operand) => bindBody(operand, [], scope, context, true));
    case 'query':
      return bindInScope(body, scope, context, keepUnknown);
    default:
      return unreachable(body, 'query body');
  }
}

function misplacedIntoError(position: number): Error {
  return userError('42601', 'SELECT ... INTO is not allowed here', {
    position,
    hint: 'Say INTO in the first SELECT of a statement, or write CREATE TABLE … AS.',
  });
}

function sortByOutput(bound: BoundQuery, orderBy: readonly Ast.OrderByItem[]): BoundQuery {
  if (orderBy.length === 0) return bound;
  const keys = bindSortTargets(orderBy, bound.columns, undefined).map(({ output, descending, nullsFirst }) => ({
    expression: refer(bound.columns[output!]!.column),
    descending,
    nullsFirst,
  }));
  return { ...bound, plan: { kind: 'sort', input: bound.plan, keys } };
}

function limited(bound: BoundQuery, query: Ast.Query, scope: Scope, context: BindContext): BoundQuery {
  if (isComputed(query.limit?.count, scope) || isComputed(query.offset, scope)) {
    return { ...bound, plan: limitByNumbers(bound.plan, query, scope, context) };
  }
  const limit = query.limit && rowCount(query.limit.count, 'LIMIT', scope, context);
  const offset = query.offset && rowCount(query.offset, 'OFFSET', scope, context);
  if (limit === undefined && !offset) return bound;
  if (query.limit?.withTies) {
    if (query.orderBy.length === 0) {
      throw userError('42601', 'WITH TIES cannot be specified without ORDER BY clause', {
        position: query.limit.position,
        hint: 'Ties are rows that ORDER BY does not tell apart.',
      });
    }
    if (limit !== undefined) return { ...bound, plan: limitWithTies(bound.plan, limit, offset ?? 0, context.ids) };
  }
  const plan: LogicalNode = { kind: 'limit', input: bound.plan, limit, offset: offset ?? 0 };
  return { ...bound, plan };
}

/** The rows up to the last that ties with the one at which the limit is reached: those of no greater rank. */
function limitWithTies(plan: LogicalNode, limit: number, offset: number, ids: ColumnIds): LogicalNode {
  if (plan.kind === 'project') return { ...plan, input: limitWithTies(plan.input, limit, offset, ids) };
  if (plan.kind !== 'sort') throw bugError(`rows with ties come from a ${plan.kind}`);
  const rank = ids.column('rank', BIGINT, false);
  const ranked = numberedRows(plan.input, [], plan.keys, rank, 'rank');
  const number = ids.column('row_number', BIGINT, false);
  const functions =
    offset > 0 ? [...ranked.functions, ...numberedRows(plan.input, [], plan.keys, number).functions] : ranked.functions;
  const conjuncts = [compareNumber(rank, '<=', limit + offset)];
  if (offset > 0) conjuncts.push(compareNumber(number, '>', offset));
  return { ...plan, input: { kind: 'filter', input: { ...ranked, functions }, conjuncts } };
}

/** Undefined for NULL (no limit), and for a parameter whose value is not known yet. */
function rowCount(ast: Ast.Expression, what: string, scope: Scope, context: BindContext): number | undefined {
  const at = { context, scope: { ...scope, namespace: EMPTY_NAMESPACE }, clause: what, subqueries: undefined };
  if (ast.kind === 'columnReference') {
    throw userError('42P10', `argument of ${what} must not contain variables`, {
      position: ast.position,
      hint: 'Give it as a number or a parameter.',
    });
  }
  const expression = coerce(context, bindExpression(ast, at), BIGINT, ast.position, 'assignment');
  const folded = foldOnce(context, expression, ast.position);
  if (folded.kind === 'parameter') return undefined;
  if (folded.kind !== 'constant') {
    throw unsupported(`a ${what} that is not constant`, ast.position, 'Give it as a number or a parameter.');
  }
  const { value } = folded as ConstantExpression;
  if (value === null) return undefined;
  const count = Number(value);
  if (count < 0) {
    const code = what === 'LIMIT' ? '2201W' : '2201X';
    throw userError(code, `${what} must not be negative`, { position: ast.position });
  }
  return count;
}
