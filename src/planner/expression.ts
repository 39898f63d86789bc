import type { SqlType } from '../types/sql-type.js';

/**
 * Bound expressions: typed, resolved, plain data that can be posted to a worker. Every node knows its type; operands
 * already have the types their operator needs (the binder inserted the casts).
 *
 * In logical plans `ColumnExpression.column` is the plan-wide unique id of a column; in physical plans it is the
 * ordinal of a column in the operator's input batch.
 */
export type Expression =
  | ColumnExpression
  | ConstantExpression
  | ParameterExpression
  | ComparisonExpression
  | LogicalExpression
  | NotExpression
  | IsNullExpression
  | BooleanTestExpression
  | CaseExpression
  | CoalesceExpression
  | InListExpression
  | CastExpression
  | CallExpression
  | LambdaExpression
  | VariableExpression;

export interface ColumnExpression {
  readonly kind: 'column';
  readonly type: SqlType;
  readonly column: number;
}

/**
 * A literal. By physical type: bool → boolean; i32, f32, f64 → number; i64, i128 → bigint (scaled, for decimals);
 * string → string, or Uint8Array for bytea; interval → IntervalValue; uuid → string. NULL is null for all.
 */
export interface ConstantExpression {
  readonly kind: 'constant';
  readonly type: SqlType;
  readonly value: ConstantValue;
}

export type ConstantValue = null | boolean | number | bigint | string | Uint8Array | IntervalValue;

export interface IntervalValue {
  readonly months: number;
  readonly days: number;
  readonly microseconds: bigint;
}

/** `$1` is index 0. Replaced by a constant before execution. */
export interface ParameterExpression {
  readonly kind: 'parameter';
  readonly type: SqlType;
  readonly index: number;
}

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'is distinct from' | 'is not distinct from';

/** Both operands have the same type. */
export interface ComparisonExpression {
  readonly kind: 'comparison';
  readonly type: SqlType;
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** Three-valued AND/OR over two or more operands, evaluated left to right until decided. */
export interface LogicalExpression {
  readonly kind: 'and' | 'or';
  readonly type: SqlType;
  readonly operands: readonly Expression[];
}

export interface NotExpression {
  readonly kind: 'not';
  readonly type: SqlType;
  readonly input: Expression;
}

/** `input IS NULL`, or IS NOT NULL when negated. */
export interface IsNullExpression {
  readonly kind: 'isNull';
  readonly type: SqlType;
  readonly input: Expression;
  readonly negated: boolean;
}

/** `input IS [NOT] TRUE / FALSE`; never NULL. (IS UNKNOWN is isNull.) */
export interface BooleanTestExpression {
  readonly kind: 'booleanTest';
  readonly type: SqlType;
  readonly input: Expression;
  readonly value: boolean;
  readonly negated: boolean;
}

/** Searched CASE (the binder turns `CASE x WHEN …` into comparisons). Branches are evaluated lazily. */
export interface CaseExpression {
  readonly kind: 'case';
  readonly type: SqlType;
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  /** NULL when absent. */
  readonly otherwise?: Expression | undefined;
}

/** The first operand that is not NULL, evaluated lazily. */
export interface CoalesceExpression {
  readonly kind: 'coalesce';
  readonly type: SqlType;
  readonly operands: readonly Expression[];
}

/** `input IN (constants)`, with SQL's NULL rules; the list may be long. All items have the input's type. */
export interface InListExpression {
  readonly kind: 'inList';
  readonly type: SqlType;
  readonly input: Expression;
  readonly items: readonly ConstantExpression[];
  readonly negated: boolean;
}

export interface CastExpression {
  readonly kind: 'cast';
  readonly type: SqlType;
  readonly input: Expression;
  /** The time zone by whose clocks instants within nested values are read and written; UTC when absent. */
  readonly zone?: string | undefined;
}

/** A call of a scalar function or operator of the registry, by the id of the overload that was chosen. */
export interface CallExpression {
  readonly kind: 'call';
  readonly type: SqlType;
  readonly overload: string;
  readonly args: readonly Expression[];
  /** As of a cast: of TRY_CAST, and of what makes values of types out of JSON. */
  readonly zone?: string | undefined;
}

/** What a lambda calls an element, its place, or what has been computed so far. */
export interface LambdaParameter {
  /** Unique in the plan, among its columns as well. */
  readonly variable: number;
  /** For people. */
  readonly name: string;
}

/** A parameter of a lambda around it. */
export interface VariableExpression extends LambdaParameter {
  readonly kind: 'variable';
  readonly type: SqlType;
}

/**
 * An expression that is evaluated for each element of an array, in order; NULL of a NULL array.
 *
 *  - `transform`: an array of its values
 *  - `filter`: an array of the elements for which it is true
 *  - `exists`, `forall`: is it true for one, for all? With the NULL rules of OR and AND; stops where that is decided
 *  - `reduce`: its value for the last element, or `start` of an empty array; `accumulator` is its value for the element
 *    before, or `start`
 */
export interface LambdaExpression {
  readonly kind: 'lambda';
  readonly type: SqlType;
  readonly form: 'transform' | 'filter' | 'exists' | 'forall' | 'reduce';
  readonly array: Expression;
  /** Of `reduce`. */
  readonly start?: Expression | undefined;
  readonly accumulator?: LambdaParameter | undefined;
  readonly element: LambdaParameter;
  /** An integer: the place of the element, counted from `firstIndex`. */
  readonly index?: LambdaParameter | undefined;
  readonly firstIndex: 0 | 1 | 2;
  readonly body: Expression;
}

/** A call of an aggregate function of the registry, by the id of the overload that was chosen. */
export interface AggregateCall {
  readonly overload: string;
  readonly type: SqlType;
  readonly args: readonly Expression[];
  /** FILTER (WHERE …): rows for which it is not true are left out. */
  readonly filter?: Expression | undefined;
  /** ORDER BY, where it matters. */
  readonly order?: AggregateOrder | undefined;
  /** The constant that the result depends on, such as the fraction of a percentile. */
  readonly parameter?: number | null | undefined;
}

/**
 * By the first argument, or by a key that follows the arguments of the overload: a number, or bytes that `sort_key` has
 * made of all keys, with their directions.
 */
export interface AggregateOrder {
  readonly by: 'value' | 'key' | 'bytes';
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}
