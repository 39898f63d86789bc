import type { AstNode, SpecialForm } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Identifier, QualifiedName } from './identifier.js';
import type { OrderByItem } from './order-by.js';
import type { WindowSpecification } from './window.js';

/**
 * A call of a scalar, aggregate, window or table function.
 *
 * SQL's special spellings arrive as the calls PostgreSQL makes of them, under the name it gives the column:
 * `extract(year from d)` is `extract('year', d)`; `substring(s from 1 for 2)` is `substring(s, 1, 2)`;
 * `substring(s for 2)` is `substring(s, 1, 2)`; `position(a in b)` is `position(b, a)`;
 * `trim([both|leading|trailing] c from s)` is `btrim|ltrim|rtrim(s, c)`; `overlay(s placing r from 1 for 2)` is
 * `overlay(s, r, 1, 2)`; `t AT TIME ZONE z` is `timezone(z, t)`, `t AT LOCAL` is `timezone(t)`. COALESCE, NULLIF,
 * GREATEST, LEAST and GROUPING are calls of those names.
 */
export interface FunctionCall extends AstNode, SpecialForm {
  readonly kind: 'functionCall';
  readonly name: QualifiedName;
  readonly args: readonly FunctionArgument[];
  /** `count(*)`: then `args` is empty. */
  readonly star: boolean;
  readonly distinct: boolean;
  /** ORDER BY inside the parentheses. */
  readonly orderBy: readonly OrderByItem[];
  /** WITHIN GROUP (ORDER BY …). */
  readonly withinGroup: readonly OrderByItem[] | undefined;
  readonly filter: Expression | undefined;
  readonly nullTreatment: 'respect' | 'ignore' | undefined;
  /** OVER (…), or OVER name. */
  readonly over: WindowSpecification | Identifier | undefined;
}

export interface FunctionArgument extends AstNode {
  readonly kind: 'functionArgument';
  /** `name => value` (or `name := value`). */
  readonly name: Identifier | undefined;
  readonly value: Expression;
  readonly variadic: boolean;
}

/** `x -> body`, `(x, y) -> body`: only as an argument of functions that take one. */
export interface LambdaExpression extends AstNode {
  readonly kind: 'lambda';
  readonly parameters: readonly Identifier[];
  readonly body: Expression;
}

/** `current_date`, `current_timestamp(3)`, `current_user` …: function-like keywords without parentheses. */
export interface SessionValue extends AstNode {
  readonly kind: 'sessionValue';
  readonly name: SessionValueName;
  readonly precision: number | undefined;
}

export type SessionValueName =
  | 'current_date'
  | 'current_time'
  | 'current_timestamp'
  | 'localtime'
  | 'localtimestamp'
  | 'current_user'
  | 'current_role'
  | 'session_user'
  | 'user'
  | 'current_catalog'
  | 'current_schema';
