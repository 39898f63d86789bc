import { userError } from '../../common/errors.js';
import { parametersOf } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { expressionOf } from './spelled-call.js';

interface Parameter {
  readonly name: string;
  /** In SQL; undefined where the argument must be given. */
  readonly otherwise: string | undefined;
}

/** The call with its arguments by position, where some are named; the call itself where none is, or the function's arguments have no names. */
export function byPosition(call: Ast.FunctionCall, name: string): Ast.FunctionCall {
  const firstNamed = call.args.findIndex((argument) => argument.name !== undefined);
  const known = firstNamed < 0 ? undefined : parametersOf(name);
  if (!known) return call;
  checkOrder(call.args, firstNamed);
  const lists = known.map(parametersIn);
  for (const parameters of lists) {
    const args = arrange(call, parameters);
    if (args) return { ...call, args };
  }
  throw userError('42883', `function ${name} has no such arguments`, {
    position: call.args[firstNamed]!.position,
    hint: `Its arguments are ${lists.map((list) => list.map((parameter) => parameter.name).join(', ')).join('; or ')}.`,
  });
}

/** `a, b = 1`. */
function parametersIn(list: string): readonly Parameter[] {
  return list.split(', ').map((text) => {
    const [name, otherwise] = text.split(' = ');
    return { name: name!, otherwise };
  });
}

function checkOrder(args: readonly Ast.FunctionArgument[], firstNamed: number): void {
  const names = new Set<string>();
  for (const { name, position } of args.slice(firstNamed)) {
    if (!name) throw userError('42601', 'positional argument cannot follow named argument', { position });
    if (names.has(name.name)) {
      throw userError('42601', `argument name "${name.name}" used more than once`, { position });
    }
    names.add(name.name);
  }
}

/** Up to the last that is given; what is left out before it has its default. Undefined if the call does not fit. */
function arrange(call: Ast.FunctionCall, parameters: readonly Parameter[]): Ast.FunctionArgument[] | undefined {
  const given: (Ast.FunctionArgument | undefined)[] = [];
  for (const [index, argument] of call.args.entries()) {
    const place = argument.name ? parameters.findIndex(({ name }) => name === argument.name!.name) : index;
    if (place < 0 || place >= parameters.length || given[place]) return undefined;
    given[place] = { ...argument, name: undefined };
  }
  const args: Ast.FunctionArgument[] = [];
  for (const [place, { otherwise }] of parameters.slice(0, given.length).entries()) {
    const argument = given[place] ?? (otherwise === undefined ? undefined : defaultArgument(otherwise, call));
    if (!argument) return undefined;
    args.push(argument);
  }
  return args;
}

function defaultArgument(sql: string, { position }: Ast.FunctionCall): Ast.FunctionArgument {
  const value = expressionOf(sql, [], position);
  return { kind: 'functionArgument', name: undefined, value, variadic: false, position };
}
