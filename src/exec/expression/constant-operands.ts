import { scalarOverload } from '../../functions/registry.js';
import { inLowerCase } from '../../functions/scalar/text/text-functions-js.js';
import { zoneOf } from '../../functions/zones/zone-of.js';
import type { ZoneTable } from '../../functions/zones/zone-table.js';
import type { CallExpression, ConstantValue, Expression } from '../../planner/expression.js';
import { type LikeSegments, likeSegments } from './like-pattern.js';

/*
 * What code has of the literals among a call's operands as constants of its own.
 */

/** For LIKE with a literal pattern that consists of plain texts and %; for ILIKE, in lower case. */
export function likeSegmentsOf(expression: Expression): LikeSegments | undefined {
  if (expression.kind !== 'call') return undefined;
  const { implementation } = scalarOverload(expression.overload);
  if (implementation.kind !== 'like') return undefined;
  const pattern = textOfConstant(expression.args[1]!);
  const escapeText = expression.args.length === 3 ? textOfConstant(expression.args[2]!) : '\\';
  if (pattern === undefined || escapeText === undefined || escapeText.length > 1) return undefined;
  if (!implementation.ignoreCase) return likeSegments(pattern, escapeText);
  const like = likeSegments(pattern, escapeText);
  return like && { ...like, segments: like.segments.map(inLowerCase) };
}

/** The time zone that a function gets as a literal; undefined where there is none of its name, which is an error. */
export function literalZoneOf(
  expression: Expression,
): { readonly name: string; readonly table: ZoneTable } | undefined {
  if (expression.kind !== 'call') return undefined;
  const { implementation } = scalarOverload(expression.overload);
  if (implementation.kind !== 'zoned') return undefined;
  const name = textOfConstant(expression.args[implementation.zone]!);
  const table = name === undefined ? undefined : zoneOf(name);
  return name === undefined || table === undefined ? undefined : { name, table };
}

/** What a kernel gets beside its arguments. */
export function constantOf(expression: Expression): Uint8Array | undefined {
  if (expression.kind !== 'call') return undefined;
  const { implementation } = scalarOverload(expression.overload);
  if (implementation.kind !== 'memory') return undefined;
  const { args } = expression;
  return implementation.constant?.(
    args.map(({ type }) => type),
    literalsAmong(args),
  );
}

/** The values of those that are literals; undefined for the others. */
export function literalsAmong(args: readonly Expression[]): readonly (ConstantValue | undefined)[] {
  return args.map((argument) => (argument.kind === 'constant' ? argument.value : undefined));
}

export function ignoresCase(expression: CallExpression): boolean {
  const { implementation } = scalarOverload(expression.overload);
  return implementation.kind === 'like' && implementation.ignoreCase;
}

function textOfConstant(expression: Expression): string | undefined {
  return expression.kind === 'constant' && typeof expression.value === 'string' ? expression.value : undefined;
}
