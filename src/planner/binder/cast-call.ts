import { isBuiltInFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import type { Expression } from '../expression.js';
import type { ExpressionContext } from './bind-context.js';
import type { BindExpression } from './bind-operator.js';
import { isTypeName } from './bind-type-name.js';

/** `float8(x)`: where no function has the name and a type does, a call with one argument is a cast. */
export function bindCastCall(
  call: Ast.FunctionCall,
  name: string,
  at: ExpressionContext,
  bind: BindExpression,
): Expression | undefined {
  const [operand, ...rest] = call.args;
  if (!operand || rest.length > 0 || isBuiltInFunction(name) || at.context.userFunctions?.has(name)) return undefined;
  const { name: typeName, position } = call;
  const type: Ast.TypeName = {
    kind: 'typeName',
    name: typeName,
    modifiers: [],
    arguments: undefined,
    arrayDimensions: [],
    intervalFields: undefined,
    position,
  };
  if (!isTypeName(type)) return undefined;
  return bind({ kind: 'cast', operand: operand.value, type, tryCast: false, operatorPosition: position, position }, at);
}
