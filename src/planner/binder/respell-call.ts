import type * as Ast from '../../parser/ast/index.js';

/** Words that the grammar has for an argument, which look like columns: `normalize(x, NFC)`. */
export function respelled(call: Ast.FunctionCall, name: string): Ast.FunctionCall {
  switch (name) {
    case 'normalize':
      return withWord(call, 1);
    default:
      return call;
  }
}

function withWord(call: Ast.FunctionCall, place: number): Ast.FunctionCall {
  const argument = call.args[place];
  if (argument?.value.kind !== 'columnReference' || argument.value.parts.length > 1) return call;
  const { position, parts } = argument.value;
  const value: Ast.Expression = { kind: 'stringLiteral', value: parts[0]!.name, position };
  return { ...call, args: call.args.map((other) => (other === argument ? { ...argument, value } : other)) };
}
