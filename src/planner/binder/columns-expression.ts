import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
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
    return { ...item, expression: withColumn(item.expression, call, name) as Ast.Expression, alias };
  });
}

const isColumns = (node: unknown): node is Ast.FunctionCall => {
  const call = node as Ast.FunctionCall;
  return call.kind === 'functionCall' && call.name.parts.length === 1 && call.name.parts[0]!.name === 'columns';
};

function findColumns(node: unknown): Ast.FunctionCall | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  if (isColumns(node)) return node;
  if ((node as { readonly kind?: unknown }).kind === 'query') return undefined;
  for (const part of Object.values(node)) {
    const found = findColumns(part);
    if (found) return found;
  }
  return undefined;
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
function withColumn(node: unknown, call: Ast.FunctionCall, name: string): unknown {
  if (Array.isArray(node)) return node.map((part) => withColumn(part, call, name));
  if (typeof node !== 'object' || node === null) return node;
  if (isColumns(node)) {
    if (!isSame(node, call)) {
      throw unsupported('two different COLUMNS in one expression', node.position, 'Write them as items of their own.');
    }
    const { position } = node;
    const parts: Ast.Identifier[] = [{ kind: 'identifier', name, quoted: true, position }];
    return { kind: 'columnReference', parts, position } satisfies Ast.ColumnReference;
  }
  if ((node as { readonly kind?: unknown }).kind === 'query') return node;
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, withColumn(part, call, name)]));
}

function isSame(left: Ast.FunctionCall, right: Ast.FunctionCall): boolean {
  const patternOf = ({ args }: Ast.FunctionCall): unknown =>
    args[0]?.value.kind === 'stringLiteral' ? args[0].value.value : undefined;
  return left.star === right.star && patternOf(left) === patternOf(right);
}
