import type { SqlType } from '../types/sql-type.js';
import type { AggregateCall, Expression } from './expression.js';

/**
 * Where a frame begins or ends.
 *
 * - `offset`  `distance` rows (of ROWS) or groups of peers (of GROUPS) from the current one; negative means before
 *   it. With a `count`, which is the same for all rows, it is so many times that distance.
 * - `value`   of RANGE: rows whose key is beyond `expression`, which is computed for the current row, are out of the frame.
 *   Where the offset is not known while the query is planned, `isInvalid` is whether it is negative, the same for all
 *   rows; NULL if the offset is.
 */
export type FrameBound =
  | { readonly kind: 'unboundedPreceding' | 'currentRow' | 'unboundedFollowing' }
  | { readonly kind: 'offset'; readonly distance: number; readonly count?: Expression }
  | { readonly kind: 'value'; readonly expression: Expression; readonly isInvalid?: Expression };

export interface WindowFrame {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameBound;
  readonly end: FrameBound;
  readonly exclude: 'currentRow' | 'group' | 'ties' | undefined;
  /** What `value` bounds are compared with: the ORDER BY key, in their type. */
  readonly key?: Expression | undefined;
}

/** A call of a window function, or of an aggregate (then `aggregate` is set, and `args` is empty) over a window. */
export interface WindowCall {
  readonly name: string;
  readonly type: SqlType;
  readonly args: readonly Expression[];
  readonly aggregate?: AggregateCall | undefined;
  /** IGNORE NULLS: rows whose value is NULL are not counted. */
  readonly ignoreNulls?: boolean | undefined;
  /** How many keys of the node's ORDER BY belong to this call's window: rows that agree in them are peers. */
  readonly orderCount: number;
  readonly frame: WindowFrame;
}

/** The frame of a window that names none. */
export const DEFAULT_FRAME: WindowFrame = {
  unit: 'range',
  start: { kind: 'unboundedPreceding' },
  end: { kind: 'currentRow' },
  exclude: undefined,
};

export function expressionsOfWindowCall({ args, aggregate, frame }: WindowCall): readonly Expression[] {
  const expressions = [...args];
  if (aggregate) {
    expressions.push(...aggregate.args);
    if (aggregate.filter) expressions.push(aggregate.filter);
  }
  if (frame.key) expressions.push(frame.key);
  for (const bound of [frame.start, frame.end]) expressions.push(...expressionsOfBound(bound));
  return expressions;
}

function expressionsOfBound(bound: FrameBound): readonly Expression[] {
  if (bound.kind === 'offset') return bound.count ? [bound.count] : [];
  if (bound.kind !== 'value') return [];
  return bound.isInvalid ? [bound.expression, bound.isInvalid] : [bound.expression];
}

const FRAME_EXPRESSIONS: ReadonlySet<string> = new Set(['expression', 'key', 'count', 'isInvalid']);

/** All of a frame but its expressions, as a text. */
export function formOfFrame(frame: WindowFrame): string {
  return JSON.stringify(frame, (name, value) => (FRAME_EXPRESSIONS.has(name) ? 0 : value));
}

/** The call with its expressions changed; itself when none changed. */
export function mapWindowCall(
  call: WindowCall,
  change: (expression: Expression) => Expression,
  changeAggregate: (call: AggregateCall) => AggregateCall,
): WindowCall {
  const args = call.args.map(change);
  const aggregate = call.aggregate && changeAggregate(call.aggregate);
  const frame = mapFrame(call.frame, change);
  const isSame = aggregate === call.aggregate && frame === call.frame && args.every((arg, i) => arg === call.args[i]);
  return isSame ? call : { ...call, args, aggregate, frame };
}

function mapFrame(frame: WindowFrame, change: (expression: Expression) => Expression): WindowFrame {
  const key = frame.key && change(frame.key);
  const start = mapBound(frame.start, change);
  const end = mapBound(frame.end, change);
  const isSame = key === frame.key && start === frame.start && end === frame.end;
  return isSame ? frame : { ...frame, key, start, end };
}

function mapBound(bound: FrameBound, change: (expression: Expression) => Expression): FrameBound {
  if (bound.kind === 'offset' && bound.count) {
    const count = change(bound.count);
    return count === bound.count ? bound : { ...bound, count };
  }
  if (bound.kind !== 'value') return bound;
  const expression = change(bound.expression);
  const isInvalid = bound.isInvalid && change(bound.isInvalid);
  if (expression === bound.expression && isInvalid === bound.isInvalid) return bound;
  return isInvalid ? { kind: 'value', expression, isInvalid } : { kind: 'value', expression };
}

/** Is the frame all rows up to the last peer of the current one, as it is when none is written? */
export function isDefaultFrame(frame: WindowFrame): boolean {
  return (
    frame.unit === 'range' &&
    frame.start.kind === 'unboundedPreceding' &&
    frame.end.kind === 'currentRow' &&
    frame.exclude === undefined
  );
}
