import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { functionName } from './bind-function-call.js';
import { isSetFunction } from './set-functions.js';
import { spelledCall } from './spelled-call.js';

/**
 * A function in FROM that stands for another one there: `explode_outer(a)`, and Spark's stack. Undefined for any other.
 */
export function respelledRelation(relation: Ast.FunctionRelation): Ast.FunctionRelation | undefined {
  const { call, alias, position } = relation;
  const name = functionName(call);
  if (name === 'stack') return stacked(relation);
  const spelled = spelledCall(call, name);
  if (spelled?.kind !== 'functionCall' || !isSetFunction(functionName(spelled))) return undefined;
  return { ...relation, call: spelled, alias: alias ?? aliasOf(name, [], position) };
}

/** `stack(2, a, b, c, d)`: the rows (a, b) and (c, d), whose columns are col0 and col1. */
function stacked(relation: Ast.FunctionRelation): Ast.FunctionRelation {
  const { call, alias, position } = relation;
  const [count, ...values] = call.args.map(({ value }) => value);
  const rowCount = count?.kind === 'numericLiteral' ? Number(count.text) : 0;
  if (!Number.isInteger(rowCount) || rowCount < 1 || values.length === 0) {
    throw userError('22023', 'stack needs a number of rows that is written out, and values', {
      position,
      hint: 'Write stack(2, a, b, c, d) for two rows of two columns.',
    });
  }
  const width = Math.ceil(values.length / rowCount);
  const rows = Array.from({ length: rowCount }, (_, row): Ast.Expression => {
    const elements = Array.from({ length: width }, (__, column): Ast.Expression => {
      return values[row * width + column] ?? { kind: 'nullLiteral', position };
    });
    return { kind: 'row', elements, position };
  });
  const array: Ast.Expression = { kind: 'array', elements: rows, position };
  const columns = Array.from({ length: width }, (_, column) => `col${column}`);
  const given = alias && alias.columns.length > 0 ? alias : aliasOf(alias?.name.name ?? 'stack', columns, position);
  const inline: Ast.FunctionCall = {
    ...call,
    name: { ...call.name, parts: [identifier('inline', position)] },
    args: [{ kind: 'functionArgument', name: undefined, value: array, variadic: false, position }],
  };
  return { ...relation, call: inline, alias: given };
}

const identifier = (name: string, position: number): Ast.Identifier => ({
  kind: 'identifier',
  name,
  quoted: true,
  position,
});

function aliasOf(name: string, columns: readonly string[], position: number): Ast.TableAlias {
  const names = columns.map((column) => identifier(column, position));
  return { kind: 'tableAlias', name: identifier(name, position), columns: names, position };
}
