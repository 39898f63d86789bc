import { resolveScalarFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { TEXT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import type { BindContext } from './bind-context.js';
import { coerce } from './coerce.js';
import { foldIfConstant } from './fold.js';

/** The name of a type that exists in casts only: its values are texts that have been read as paths. */
export function isJsonPath({ name, arrayDimensions }: Ast.TypeName): boolean {
  return name.parts.at(-1)!.name === 'jsonpath' && arrayDimensions.length === 0;
}

/** `x::jsonpath`. */
export function bindJsonPath(context: BindContext, operand: Expression, position: number): Expression {
  const { overload } = resolveScalarFunction('jsonpath', [TEXT]);
  const text = coerce(context, operand, TEXT, position, 'explicit');
  return foldIfConstant(context, { kind: 'call', type: TEXT, overload, args: [text] }, position);
}
