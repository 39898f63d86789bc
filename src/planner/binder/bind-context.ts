import { MillraceError, notSupportedError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import type { SqlType } from '../../types/sql-type.js';
import type { CatalogRelation, CatalogTable } from '../catalog-view.js';
import type { ConstantExpression, Expression } from '../expression.js';
import type { ColumnIds, LogicalApply, LogicalNode } from '../logical/logical-plan.js';
import type { Scope, ScopeColumn } from './scope.js';

/** What the session gives to the binder. */
export interface BindSettings {
  /** Overloads of the functions that the program has registered, by name. */
  readonly userFunctions?: ReadonlyMap<string, readonly string[]> | undefined;
  /** The session's time zone; undefined for UTC. */
  readonly timeZone?: string | undefined;
  /** Evaluates an expression without columns and parameters; throws what it would throw when run. */
  readonly evaluateConstant: (expression: Expression) => ConstantExpression;
  /** `now`, `current_date`, `current_user` …: undefined for names the session does not know. */
  /** A value that the session knows, such as `now` or `current_setting`; undefined if there is none of that name. */
  readonly sessionValue: (name: string, args: readonly ConstantExpression[]) => ConstantExpression | undefined;
}

/** `$n` while a query is bound. Types are given by the client or inferred from the first use. */
export interface ParameterSlots {
  readonly types: (SqlType | undefined)[];
  /** Where given, references to `$n` are bound as these. */
  readonly values: readonly Expression[] | undefined;
}

/** Shared by everything that is bound for one statement. */
export interface BindContext extends BindSettings {
  readonly ids: ColumnIds;
  readonly parameters: ParameterSlots;
  /** Relations that were looked up before binding began, by `relationKey`. */
  readonly relations: ReadonlyMap<string, CatalogRelation>;
  /** Files that were looked up before binding began, by `requestKey`. */
  readonly files: ReadonlyMap<string, CatalogTable>;
  /** For hints. */
  readonly relationNames: readonly string[];
  /** Binds a query within a scope. A member, because expressions hold queries and queries hold expressions. */
  readonly bindQuery: BindQuery;
  /** The scope that a WITH makes. A member for the same reason. */
  readonly withCommonTables: (clause: Ast.WithClause, outer: Scope) => Scope;
  /** Names of the views that are being bound, to stop views that contain themselves. */
  readonly openViews: string[];
}

/** With `keepUnknown`, columns that are untyped literals keep the type unknown, for the caller to decide. */
export type BindQuery = (query: Ast.Query, scope: Scope, keepUnknown?: boolean) => BoundQuery;

export interface BoundQuery {
  readonly plan: LogicalNode;
  /** The columns the query returns: `plan` may carry others. */
  readonly columns: readonly ScopeColumn[];
}

/** An apply that waits for the plan it will stand on. */
export type PendingApply = Omit<LogicalApply, 'left' | 'kind'>;

/** What differs between the places where an expression can stand. */
export interface ExpressionContext {
  readonly context: BindContext;
  readonly scope: Scope;
  /** For messages: `WHERE`, `JOIN conditions`, … */
  readonly clause: string;
  /** Collects the subqueries of the expression; the caller puts them on its plan. Undefined: none allowed here. */
  readonly subqueries: PendingApply[] | undefined;
  /** Turns a call of a set function into a column. Undefined: none allowed here. */
  readonly sets?: SetBinder | SetRefusal | undefined;
  /** Turns a call of an aggregate into a column. Undefined: none allowed here. */
  readonly aggregates?: AggregateBinder | undefined;
  /** What GROUP BY made of an expression that is written there in the same words; for those with subqueries. */
  readonly keyOf?: ((ast: Ast.Expression) => Expression | undefined) | undefined;
  /** Turns a call over a window into a column. Undefined: none allowed here. */
  readonly windows?: WindowBinder | undefined;
}

export interface SetBinder {
  /** The elements of an array, as a column; the array may be what subqueries give. */
  add(array: Expression, name: string, subqueries?: readonly PendingApply[]): Expression;
  /** The column of a call that has been bound before; `key` tells calls apart. */
  once(key: string, bind: () => Expression): Expression;
  isUsedBy(expression: Expression): boolean;
}

/** Why no set function may stand somewhere within an expression that may have others: the whole message. */
export interface SetRefusal {
  readonly refusal: string;
}

export interface AggregateBinder {
  bind(call: Ast.FunctionCall): Expression;
  /** GROUPING (a, b, …). */
  grouping?(call: Ast.FunctionCall): Expression;
}

export interface WindowBinder {
  bind(call: Ast.FunctionCall, at: ExpressionContext): Expression;
}

export function relationKey(parts: readonly Ast.Identifier[]): string {
  return parts.map((part) => part.name).join('\u0000');
}

/** Puts collected subqueries on a plan, in their order. */
export function withSubqueries(plan: LogicalNode, pending: readonly PendingApply[]): LogicalNode {
  return pending.reduce<LogicalNode>((left, apply) => ({ ...apply, kind: 'apply', left }), plan);
}

/** Runs `work`; an error without a position gets this one. */
export function atPosition<T>(position: number, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.position === undefined && thrown.kind === 'user') {
      const { kind, code, message, detail, hint } = thrown;
      throw new MillraceError(kind, code, message, { detail, hint, position, cause: thrown });
    }
    throw thrown;
  }
}

export function unsupported(what: string, position: number, hint?: string): MillraceError {
  return notSupportedError(`${what} is not supported yet`, { position, hint });
}
