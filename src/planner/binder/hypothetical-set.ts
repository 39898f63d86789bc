import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { formatTypeName, type SqlType } from '../../types/sql-type.js';
import { isOfGroup } from './group-arguments.js';
import { expressionOf } from './spelled-call.js';

/** Aggregates that tell where a row would stand if it were in the group. */
export const HYPOTHETICAL_SETS: ReadonlySet<string> = new Set(['rank', 'dense_rank', 'percent_rank', 'cume_dist']);

export const isHypotheticalSet = (call: Ast.FunctionCall, name: string): boolean =>
  call.withinGroup !== undefined && HYPOTHETICAL_SETS.has(name);

/**
 * `rank(a) WITHIN GROUP (ORDER BY x)` in other words: how many rows come before the one that is supposed, by counting
 * those for which the order says so. The counts are aggregates like any other.
 *
 *     rank(a) within group (order by x)         →   1 + count(*) filter (where x < a)
 *     dense_rank(a) within group (order by x)   →   1 + count(distinct row(x)) filter (where x < a)
 *     percent_rank                              →   (rank - 1) / count(*), 0 where there are no rows
 *     cume_dist                                 →   (1 + count(*) filter (where x <= a)) / (1 + count(*))
 *
 * What depends on the group is compared with the list of its rows, when that is complete:
 *
 *     rank(a) within group (order by x) … group by a   →   1 + cardinality(list_filter(array_agg(row(x)), x < a))
 */
export function inOtherWords(
  call: Ast.FunctionCall,
  name: string,
  typesOf: (operands: readonly Ast.Expression[]) => readonly SqlType[],
): Ast.Expression {
  const items = call.withinGroup!;
  const values = call.args.map(({ value }) => value);
  if (values.length !== items.length) {
    throw mismatch(call, name, typesOf([...values, ...items.map(({ expression }) => expression)]));
  }
  const { position } = call;
  const say = (sql: string, ...args: readonly Ast.Expression[]): Ast.Expression =>
    expressionOf(sql, args, position, call);
  const row: Ast.Expression = { kind: 'row', elements: items.map(({ expression }) => expression), position };
  const isListed = values.some(isOfGroup);
  const keys = isListed ? items.map((_, i) => say(`("#row").f${i + 1}`)) : items.map(({ expression }) => expression);
  const counted = (which: Ast.Expression): Ast.Expression =>
    isListed
      ? say('coalesce(cardinality(list_filter(array_agg($1), "#row" -> $2)), 0)', row, which)
      : say('count(*) filter (where $1)', which);
  const logical = (operator: 'and' | 'or', operands: readonly Ast.Expression[]): Ast.Expression =>
    operands.length === 1 ? operands[0]! : { kind: 'logical', operator, operands, position };
  const equals = keys.map((key, i) => say('$1 is not distinct from $2', key, values[i]!));
  const before = logical(
    'or',
    keys.map((key, i) => logical('and', [...equals.slice(0, i), say(comesBefore(items[i]!), key, values[i]!)])),
  );
  switch (name) {
    case 'rank':
      return say('1 + $1', counted(before));
    case 'dense_rank':
      return isListed
        ? say('1 + coalesce(cardinality(array_distinct(list_filter(array_agg($1), "#row" -> $2))), 0)', row, before)
        : say('1 + count(distinct $2) filter (where $1)', before, row);
    case 'percent_rank':
      return say('1::float8 * $1 / greatest(1, count(*))', counted(before));
    default:
      return say('1::float8 * (1 + $1) / (1 + count(*))', counted(logical('or', [before, logical('and', equals)])));
  }
}

/** Does the key $1 of a row come before the value $2 in the order? */
function comesBefore({ direction, nulls }: Ast.OrderByItem): string {
  const isDescending = direction === 'desc';
  const nullsFirst = (nulls ?? (isDescending ? 'first' : 'last')) === 'first';
  const [first, then] = nullsFirst ? ['$1', '$2'] : ['$2', '$1'];
  return `$1 ${isDescending ? '>' : '<'} $2 or ${first} is null and ${then} is not null`;
}

export function missingWithinGroup({ position }: Ast.FunctionCall, name: string): Error {
  return userError('42809', `WITHIN GROUP is required for ordered-set aggregate ${name}`, {
    position,
    hint: `Write ${name}(…) WITHIN GROUP (ORDER BY …).`,
  });
}

function mismatch({ args, withinGroup, position }: Ast.FunctionCall, name: string, types: readonly SqlType[]): Error {
  return userError('42883', `function ${name}(${types.map(formatTypeName).join(', ')}) does not exist`, {
    position,
    hint:
      `To use the hypothetical-set aggregate ${name}, the number of hypothetical direct arguments (here ${args.length}) must ` +
      `match the number of ordering columns (here ${withinGroup!.length}).`,
  });
}
