import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { formatType, type SqlType, TEXT } from '../../types/sql-type.js';
import type { Expression, LambdaParameter } from '../expression.js';
import { substituteColumns } from '../logical/expression-tree.js';
import type { ExpressionContext } from './bind-context.js';
import type { BindExpression } from './bind-operator.js';
import { coerce } from './coerce.js';
import type { Scope } from './scope.js';

/** A call of a function with lambdas, and where it stands. */
export interface LambdaCall {
  readonly name: string;
  /** How it is written. */
  readonly usage: string;
  readonly call: Ast.FunctionCall;
  readonly at: ExpressionContext;
  readonly bind: BindExpression;
}

export function lambdaError({ name, usage, call }: LambdaCall): Error {
  return userError('42883', `function ${name} does not take these arguments`, {
    position: call.position,
    hint: `Write ${usage}.`,
  });
}

export function lambdaAt(of: LambdaCall, place: number): Ast.LambdaExpression {
  const value = of.call.args[place]?.value;
  if (value?.kind !== 'lambda') throw lambdaError(of);
  return value;
}

export function valueAt(of: LambdaCall, place: number): Expression {
  const argument = of.call.args[place];
  if (!argument || argument.value.kind === 'lambda') throw lambdaError(of);
  return of.bind(argument.value, of.at);
}

/** An argument that is an array. */
export function arrayAt(of: LambdaCall, place: number): Expression & { type: { kind: 'array' } } {
  const array = valueAt(of, place);
  const { position } = of.call.args[place]!;
  const { type } = array;
  const isUntyped = type.kind === 'array' && type.element.kind === 'unknown';
  const typed = isUntyped ? coerce(of.at.context, array, { kind: 'array', element: TEXT }, position) : array;
  if (typed.type.kind === 'array') return typed as Expression & { type: { kind: 'array' } };
  throw userError('42804', `argument of ${of.name} must be an array, not type ${formatType(type)}`, {
    position,
    hint: `Write ${of.usage}.`,
  });
}

/** A parameter's name, while its lambda is bound, as a column: what stands for it is put there afterwards. */
export interface BoundParameter extends LambdaParameter {
  readonly type: SqlType;
}

export interface BoundLambda {
  readonly parameters: readonly BoundParameter[];
  /** Refers to parameters as to columns. */
  readonly body: Expression;
}

/** `types`: of all parameters that the lambda may have. */
export function bindLambda(
  of: LambdaCall,
  { parameters, body, position }: Ast.LambdaExpression,
  types: readonly SqlType[],
): BoundLambda {
  const { at, bind } = of;
  if (parameters.length > types.length) {
    throw userError('42601', `the lambda of ${of.name} has ${parameters.length} parameters`, {
      position,
      hint: `Write ${of.usage}.`,
    });
  }
  const columns = parameters.map(({ name }, i) => ({ name, column: at.context.ids.column(name, types[i]!, true) }));
  const scope: Scope = {
    namespace: { tables: [], visible: columns },
    parent: at.scope,
    commonTables: at.scope.commonTables,
  };
  const inner: ExpressionContext = {
    context: at.context,
    scope,
    clause: 'a lambda',
    subqueries: undefined,
    aggregates: at.aggregates,
    // Windows are over the rows around the lambda, and do not know its parameters.
    windows: at.windows && { bind: (call) => at.windows!.bind(call, at) },
  };
  return {
    parameters: columns.map(({ name, column: { id, type } }) => ({ name, variable: id, type })),
    body: bind(body, inner),
  };
}

/** The body with something in the place of its parameters. */
export function withParameters({ body, parameters }: BoundLambda, values: readonly Expression[]): Expression {
  return substituteColumns(body, new Map(parameters.map(({ variable }, i) => [variable, values[i]!])));
}

export function variableOf({ variable, name, type }: BoundParameter): Expression {
  return { kind: 'variable', type, variable, name };
}

/** The body with its parameters as variables. */
export function closed(lambda: BoundLambda): Expression {
  return withParameters(lambda, lambda.parameters.map(variableOf));
}
