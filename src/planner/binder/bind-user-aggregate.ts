import { resolveUserFunction } from '../../functions/registry.js';
import { aggregateItemType } from '../../functions/user/user-call.js';
import { userFunctionOf } from '../../functions/user/user-function.js';
import type * as Ast from '../../parser/ast/index.js';
import { arrayOf, type SqlType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { TRUE } from '../logical/expression-tree.js';
import { type WrittenArgument, wrappedValue } from './aggregate-arguments.js';
import { atPosition, type BindContext } from './bind-context.js';
import { coerce } from './coerce.js';

/** What a call of a registered aggregate consists of: rows collected by array_agg, and a function over their array. */
export interface UserAggregate {
  readonly overload: 'array_agg(any)';
  readonly type: SqlType;
  /** The arguments of array_agg. */
  readonly values: readonly Expression[];
  readonly finish: (rows: Expression) => Expression;
}

/** Undefined where the program has registered no aggregate of that name. */
export function bindUserAggregate(
  call: Ast.FunctionCall,
  name: string,
  args: readonly Expression[],
  written: readonly WrittenArgument[],
  context: BindContext,
): UserAggregate | undefined {
  const { userFunctions } = context;
  if (userFunctions?.has(name) !== true) return undefined;
  const types = args.map((arg) => arg.type);
  const id = atPosition(call.position, () => resolveUserFunction(name, types, 'aggregate', userFunctions));
  const { args: declared, returns } = userFunctionOf(id);
  const given = args.map((arg, i) => coerce(context, arg, declared[i]!, written[i]!.position));
  const itemType = aggregateItemType(declared);
  const [only = TRUE] = given;
  const item: Expression =
    given.length > 1 ? { kind: 'call', type: itemType, overload: 'row(any...)', args: given } : only;
  return {
    overload: 'array_agg(any)',
    type: arrayOf(itemType),
    values: wrappedValue(item),
    finish: (rows) => ({ kind: 'call', type: returns, overload: id, args: [rows] }),
  };
}
