import { userError } from '../../common/errors.js';
import { resolveScalarFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { typeCategory } from '../../types/coercion.js';
import { BOOLEAN, formatType, TEXT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { notOf, textConstant } from '../logical/expression-tree.js';
import type { ExpressionContext } from './bind-context.js';
import type { BindExpression } from './bind-operator.js';
import { coerce } from './coerce.js';

/** `x IS [NOT] JSON …` of a text, or of what is JSON already. */
export function bindIsJson(ast: Ast.IsJsonExpression, at: ExpressionContext, bind: BindExpression): Expression {
  const operand = bind(ast.operand, at);
  const { kind } = operand.type;
  const isJson = kind === 'json' || kind === 'jsonb';
  if (!isJson && kind !== 'unknown' && typeCategory(kind) !== 'string') {
    throw userError('42804', `cannot use type ${formatType(operand.type)} in IS JSON predicate`, {
      position: ast.position,
      hint: 'Cast it to text.',
    });
  }
  const input = isJson ? operand : coerce(at.context, operand, TEXT, ast.operand.position);
  const { overload } = resolveScalarFunction('is_json', [input.type, TEXT, BOOLEAN]);
  const of: Expression = textConstant(ast.of);
  const uniqueKeys: Expression = { kind: 'constant', type: BOOLEAN, value: ast.uniqueKeys };
  const test: Expression = { kind: 'call', type: BOOLEAN, overload, args: [input, of, uniqueKeys] };
  return ast.negated ? notOf(test) : test;
}
