import type { AstNode } from './ast-node.js';
import type { Identifier, QualifiedName } from './identifier.js';

/** The fields that may follow INTERVAL: `interval '3' month`, `interval day to second`. */
export type IntervalField = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

export interface IntervalFields {
  readonly from: IntervalField;
  /** Equal to `from` where there is no TO. */
  readonly to: IntervalField;
}

/**
 * A type as written, to be resolved by the binder. SQL's own spellings are folded to PostgreSQL's internal names:
 * `double precision` is `float8`, `character varying(10)` is `varchar` with modifier 10, `int` is `int4`,
 * `timestamp with time zone` is `timestamptz`. Any other name is kept as written.
 */
export interface TypeName extends AstNode {
  readonly kind: 'typeName';
  readonly name: QualifiedName;
  /** `numeric(15, 2)` has 15 and 2; `timestamp(3)` has 3. */
  readonly modifiers: readonly number[];
  /** Of `struct(a int, b text)` and `map(text, int)`; undefined where there are no types in parentheses. */
  readonly arguments?: readonly TypeArgument[] | undefined;
  /** One entry per pair of brackets, with its declared length, which PostgreSQL ignores. Not an array: empty. */
  readonly arrayDimensions: readonly (number | undefined)[];
  readonly intervalFields: IntervalFields | undefined;
}

/** A type within a type. */
export interface TypeArgument {
  /** The name of a field. */
  readonly label: Identifier | undefined;
  readonly type: TypeName;
}
