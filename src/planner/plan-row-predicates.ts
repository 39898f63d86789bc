import { userError } from '../common/errors.js';
import type * as Ast from '../parser/ast/index.js';
import type { SqlType } from '../types/sql-type.js';
import type { BindContext, BindSettings } from './binder/bind-context.js';
import { bindCondition } from './binder/bind-expression.js';
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

/** Conditions on the columns of one row, each by its ordinal: CHECK constraints. */
export function planRowPredicates(
  predicates: readonly Ast.Expression[],
  { names, columns }: RowColumns,
  settings: BindSettings,
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
      throw userError('0A000', 'cannot use subquery in check constraint', { position: query.position });
    },
    withCommonTables: (clause) => {
      throw userError('0A000', 'cannot use subquery in check constraint', { position: clause.position });
    },
    openViews: [],
  };
  const scope = { namespace, parent: undefined, commonTables: new Map() };
  const ordinals = new Ordinals(visible.map(({ column }) => column.id));
  return predicates.map((predicate) => {
    const at = { context, scope, clause: 'check constraints', subqueries: [] };
    const bound = bindCondition(predicate, at, 'CHECK');
    return ordinals.resolve(foldConstants(bound, { ids, evaluateConstant: settings.evaluateConstant }));
  });
}
