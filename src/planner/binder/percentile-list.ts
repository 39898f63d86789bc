import type * as Ast from '../../parser/ast/index.js';

const PERCENTILES: ReadonlySet<string> = new Set(['percentile_cont', 'percentile_disc']);

/** `percentile_cont(ARRAY[a, b]) WITHIN GROUP (ORDER BY x)`: the array of fractions; undefined of any other call. */
export function fractionsOf(call: Ast.FunctionCall, name: string): Ast.ArrayExpression | undefined {
  const [fractions] = call.args;
  const isList = PERCENTILES.has(name) && call.withinGroup?.length === 1 && call.args.length === 1;
  return isList && fractions!.value.kind === 'array' ? fractions!.value : undefined;
}

/** An array of percentiles, one of each fraction; NULL where there are no values. */
export function percentileList(call: Ast.FunctionCall, fractions: Ast.ArrayExpression): Ast.Expression {
  const { position } = call;
  const argument = (value: Ast.Expression): Ast.FunctionArgument => ({ ...call.args[0]!, value });
  const elements = fractions.elements.map((fraction): Ast.Expression => ({ ...call, args: [argument(fraction)] }));
  const count: Ast.Expression = {
    ...call,
    name: { ...call.name, parts: [{ ...call.name.parts[0]!, name: 'count' }] },
    args: [argument(call.withinGroup![0]!.expression)],
    withinGroup: undefined,
  };
  const zero: Ast.Expression = { kind: 'numericLiteral', text: '0', position };
  const condition: Ast.Expression = {
    kind: 'binary',
    operator: '>',
    operatorPosition: position,
    operatorSchema: undefined,
    left: count,
    right: zero,
    position,
  };
  const result: Ast.Expression = { ...fractions, elements };
  const branch: Ast.CaseBranch = { kind: 'caseBranch', condition, result, position };
  return { kind: 'case', operand: undefined, branches: [branch], otherwise: undefined, position };
}
