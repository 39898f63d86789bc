import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { findNode, mapNodes, type SyntaxNode } from '../../parser/index.js';
import { unsupported } from './bind-context.js';
import type { Scope } from './scope.js';

/*
 * DuckDB's COLUMNS(*) and COLUMNS('regex'): an item of the select list with them stands for as many as there are columns,
 * or columns whose names the expression matches; all of an item stand for the same.
 */

/** An item for each column; the item itself where it has none of these. */
export function expandColumns(item: Ast.SelectExpression, scope: Scope): readonly Ast.SelectExpression[] {
  const call = findColumns(item.expression);
  if (!call) return [item];
  const names = namesOf(call, scope);
  return names.map((name): Ast.SelectExpression => {
    const { position } = item;
    const alias: Ast.Identifier = item.alias ?? { kind: 'identifier', name, quoted: true, position };
    return { ...item, expression: withColumn(item.expression, call, name), alias };
  });
}

const isColumns = (node: SyntaxNode): node is Ast.FunctionCall =>
  node.kind === 'functionCall' && node.name.parts.length === 1 && node.name.parts[0]!.name === 'columns';

function findColumns(expression: Ast.Expression): Ast.FunctionCall | undefined {
  return findNode(expression, isColumns, ({ kind }) => kind === 'query') as Ast.FunctionCall | undefined;
}

function namesOf(call: Ast.FunctionCall, scope: Scope): readonly string[] {
  const { position } = call;
  const visible = scope.namespace.visible.map(({ name }) => name);
  if (visible.length === 0) throw userError('42601', 'COLUMNS with no tables specified is not valid', { position });
  if (call.star) return visible;
  const [pattern] = call.args;
  if (pattern?.value.kind !== 'stringLiteral' || call.args.length > 1) {
    throw unsupported('COLUMNS of something else than a star or a literal', position, "Write COLUMNS('regex').");
  }
  const names = visible.filter(matcherOf(pattern.value));
  if (names.length > 0) return names;
  throw userError('42703', `no column matches "${pattern.value.value}"`, {
    position: pattern.position,
    hint: `The columns are ${visible.join(', ')}.`,
  });
}

function matcherOf({ value, position }: Ast.StringLiteral): (name: string) => boolean {
  try {
    const regex = new RegExp(value, 'u');
    return (name) => regex.test(name);
  } catch {
    throw userError('2201B', `invalid regular expression: "${value}"`, { position });
  }
}

/** The expression with a column in the place of COLUMNS. */
function withColumn(expression: Ast.Expression, call: Ast.FunctionCall, name: string): Ast.Expression {
  return mapNodes(expression, (node) => {
    if (node.kind === 'query') return node;
    if (!isColumns(node)) return undefined;
    const { position } = node;
    if (!isSame(node, call)) {
      throw unsupported('two different COLUMNS in one expression', position, 'Write them as items of their own.');
    }
    return { kind: 'columnReference', parts: [{ kind: 'identifier', name, quoted: true, position }], position };
  });
}

function isSame(left: Ast.FunctionCall, right: Ast.FunctionCall): boolean {
  const patternOf = ({ args }: Ast.FunctionCall): unknown =>
    args[0]?.value.kind === 'stringLiteral' ? args[0].value.value : undefined;
  return left.star === right.star && patternOf(left) === patternOf(right);
}
