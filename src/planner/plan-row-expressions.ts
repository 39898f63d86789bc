import { userError } from '../common/errors.js';
import type * as Ast from '../parser/ast/index.js';
import type { SqlType } from '../types/sql-type.js';
import type { BindContext, BindSettings, ExpressionContext } from './binder/bind-context.js';
import { bindCondition, bindExpression } from './binder/bind-expression.js';
import type { ScopeColumn } from './binder/scope.js';
import type { Expression } from './expression.js';
import { ColumnIds } from './logical/logical-plan.js';
import { Ordinals } from './lower/ordinals.js';
import { foldConstants } from './optimizer/rules/constant-folding.js';

export interface RowColumns {
  /** Names that the columns may be qualified by. */
  readonly names: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
}

/** Where the expressions stand, for messages. */
export interface RowExpressionClause {
  readonly one: string;
  readonly many: string;
}

const CHECK: RowExpressionClause = { one: 'check constraint', many: 'check constraints' };

/** Conditions on the columns of one row, each by its ordinal: CHECK constraints, if nothing else. */
export function planRowPredicates(
  predicates: readonly Ast.Expression[],
  columns: RowColumns,
  settings: BindSettings,
  clause: RowExpressionClause = CHECK,
): Expression[] {
  const word = clause === CHECK ? 'CHECK' : 'WHERE';
  return planRow(predicates, columns, settings, clause, (predicate, at) => bindCondition(predicate, at, word));
}

/** Values that are computed of the columns of one row, each by its ordinal. */
export function planRowExpressions(
  expressions: readonly Ast.Expression[],
  columns: RowColumns,
  settings: BindSettings,
  clause: RowExpressionClause,
): Expression[] {
  return planRow(expressions, columns, settings, clause, bindExpression);
}

function planRow(
  expressions: readonly Ast.Expression[],
  { names, columns }: RowColumns,
  settings: BindSettings,
  { one, many }: RowExpressionClause,
  bind: (expression: Ast.Expression, at: ExpressionContext) => Expression,
): Expression[] {
  const ids = new ColumnIds();
  const visible = columns.map(({ name, type }): ScopeColumn => ({ name, column: ids.column(name, type, true) }));
  const namespace = { tables: names.map((alias) => ({ alias, columns: visible })), visible };
  const context: BindContext = {
    evaluateConstant: settings.evaluateConstant,
    sessionValue: settings.sessionValue,
    userFunctions: settings.userFunctions,
    timeZone: settings.timeZone,
    ids,
    parameters: { types: [], values: [] },
    relations: new Map(),
    files: new Map(),
    relationNames: [],
    bindQuery: (query) => {
      throw userError('0A000', `cannot use subquery in ${one}`, { position: query.position });
    },
    withCommonTables: (clause) => {
      throw userError('0A000', `cannot use subquery in ${one}`, { position: clause.position });
    },
    openViews: [],
  };
  const scope = { namespace, parent: undefined, commonTables: new Map() };
  const ordinals = new Ordinals(visible.map(({ column }) => column.id));
  return expressions.map((expression) => {
    const bound = bind(expression, { context, scope, clause: many, subqueries: [] });
    return ordinals.resolve(foldConstants(bound, { ids, evaluateConstant: settings.evaluateConstant }));
  });
}
