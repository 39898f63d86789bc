import { userError } from '../../common/errors.js';
import { spelledExpression } from '../../functions/spelled/spelled-functions.js';
import type * as Ast from '../../parser/ast/index.js';
import { parseExpression } from '../../parser/index.js';
import { unsupported } from './bind-context.js';
import { templateOfJava, templateOfStrftime } from './foreign-templates.js';

/**
 * What a call is in PostgreSQL's words: of Spark's and DuckDB's functions that are no more than other words, and of words
 * that the grammar has for an argument, which look like columns. Undefined for all other calls.
 */
export function respelled(call: Ast.FunctionCall, name: string): Ast.Expression | undefined {
  const values = call.args.map(({ value }) => value);
  switch (name) {
    case 'normalize':
      return withWord(call, 1);
    case 'datediff':
    case 'timestampdiff':
      return values.length === 3 ? spelledCall(withWord(call, 0) ?? call, name) : undefined;
    case 'decode':
      return values.length > 2 ? decoded(values, call.position) : undefined;
    case 'map':
      return values.length > 2 && values.length % 2 === 0 ? mapOfPairs(call, values) : undefined;
    case 'date_format':
      return formatted(call, values, templateOfJava);
    case 'strftime':
      return formatted(call, values, templateOfStrftime);
    case 'from_unixtime':
      return values.length === 2
        ? converted('to_char(to_timestamp($1), $2)', values, templateOfJava, call)
        : spelledCall(call, name);
    case 'unix_timestamp':
    case 'to_unix_timestamp':
      if (values.length !== 2) return spelledCall(call, name);
      return converted('floor(extract(epoch from to_timestamp($1, $2)))::bigint', values, templateOfJava, call);
    case 'strptime':
      if (values.length !== 2) return undefined;
      return converted('to_timestamp($1, $2)::timestamp', values, templateOfStrftime, call);
    default:
      return spelledCall(call, name);
  }
}

/** `normalize(x, NFC)`. */
function withWord(call: Ast.FunctionCall, place: number): Ast.FunctionCall | undefined {
  const argument = call.args[place];
  if (argument?.value.kind !== 'columnReference' || argument.value.parts.length > 1) return undefined;
  const { position, parts } = argument.value;
  const value: Ast.Expression = { kind: 'stringLiteral', value: parts[0]!.name, position };
  return { ...call, args: call.args.map((other) => (other === argument ? { ...argument, value } : other)) };
}

const parsed = new Map<string, Ast.Expression>();

function expressionOf(sql: string, args: readonly Ast.Expression[], position: number): Ast.Expression {
  let expression = parsed.get(sql);
  if (expression === undefined) {
    expression = parseExpression(sql);
    parsed.set(sql, expression);
  }
  return substituted(expression, args, position) as Ast.Expression;
}

/** With the arguments in the places of the parameters, and the position of the call. */
function substituted(node: unknown, args: readonly Ast.Expression[], position: number): unknown {
  if (Array.isArray(node)) return node.map((part) => substituted(part, args, position));
  if (typeof node !== 'object' || node === null) return node;
  if ('kind' in node && node.kind === 'parameterReference') return args[(node as Ast.ParameterReference).index - 1];
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'position' || key === 'operatorPosition' ? position : substituted(value, args, position),
    ]),
  );
}

function spelledCall(call: Ast.FunctionCall, name: string): Ast.Expression | undefined {
  const sql = spelledExpression(name, call.args.length);
  if (sql === undefined || call.star || call.withinGroup) return undefined;
  const expression = expressionOf(
    sql,
    call.args.map(({ value }) => value),
    call.position,
  );
  const isPlain = !call.distinct && call.orderBy.length === 0 && !call.filter && !call.over;
  if (isPlain) return expression;
  if (expression.kind !== 'functionCall') {
    throw userError('42809', `${name} is not an aggregate function`, { position: call.position });
  }
  const { position } = call;
  const conditions = [expression.filter, call.filter].filter((condition) => condition !== undefined);
  const [first, ...more] = conditions;
  return {
    ...expression,
    distinct: expression.distinct || call.distinct,
    orderBy: call.orderBy,
    filter: more.length === 0 ? first : { kind: 'logical', operator: 'and', operands: conditions, position },
    over: call.over,
  };
}

/** Spark's decode(x, search, result, …, default): NULL is found as any other value is. */
function decoded([operand, ...rest]: readonly Ast.Expression[], position: number): Ast.Expression {
  const branches: Ast.CaseBranch[] = [];
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const condition: Ast.Expression = {
      kind: 'isDistinctFrom',
      left: operand!,
      right: rest[i]!,
      negated: true,
      position: rest[i]!.position,
    };
    branches.push({ kind: 'caseBranch', condition, result: rest[i + 1]!, position });
  }
  const otherwise = rest.length % 2 === 1 ? rest.at(-1) : undefined;
  return { kind: 'case', operand: undefined, branches, otherwise, position };
}

/** Spark's map(key, value, …). */
function mapOfPairs(call: Ast.FunctionCall, values: readonly Ast.Expression[]): Ast.Expression {
  const arrayOf = (elements: readonly Ast.Expression[]): Ast.Expression => ({
    kind: 'array',
    elements,
    position: call.position,
  });
  const arrays = [0, 1].map((rest) => arrayOf(values.filter((_, i) => i % 2 === rest)));
  return expressionOf('map($1, $2)', arrays, call.position);
}

/** date_format(x, template) of Spark; DuckDB's strftime takes the two in either order. */
function formatted(
  call: Ast.FunctionCall,
  values: readonly Ast.Expression[],
  translate: (template: string) => string | undefined,
): Ast.Expression | undefined {
  if (values.length !== 2) return undefined;
  const isSwapped = values[0]!.kind === 'stringLiteral' && values[1]!.kind !== 'stringLiteral';
  return converted('to_char($1::timestamp, $2)', isSwapped ? [values[1]!, values[0]!] : values, translate, call);
}

function converted(
  sql: string,
  [value, template]: readonly Ast.Expression[],
  translate: (template: string) => string | undefined,
  call: Ast.FunctionCall,
): Ast.Expression {
  const { position } = template!;
  if (template!.kind !== 'stringLiteral') {
    throw unsupported(
      'a template that is not a literal',
      position,
      'Use to_char or to_timestamp, with a template of PostgreSQL.',
    );
  }
  const translated = translate(template!.value);
  if (translated === undefined) {
    throw unsupported(
      `template "${template!.value}"`,
      position,
      'Use to_char or to_timestamp, with a template of PostgreSQL.',
    );
  }
  return expressionOf(sql, [value!, { kind: 'stringLiteral', value: translated, position }], call.position);
}
