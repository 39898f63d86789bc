import type * as Ast from '../../parser/ast/index.js';
import { countedInterval } from '../../parser/grammar/counted-interval.js';
import { atPosition, unsupported } from './bind-context.js';
import { templateOfJava, templateOfStrftime } from './foreign-templates.js';
import { countOfRows, inOrderWithin, isFromGreatest, modeOf, ofOneRow, percentilesOf } from './respell-aggregate.js';
import { concatenated, printed } from './respell-format.js';
import { expressionOf, spelledCall } from './spelled-call.js';

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
    case 'count':
      return values.length > 1 ? countOfRows(call, values) : undefined;
    case 'mode':
      return values.length === 1 && !call.withinGroup ? modeOf(call, values) : undefined;
    case 'first':
    case 'last':
    case 'first_value':
    case 'last_value':
    case 'any_value':
      return ofOneRow(call, name);
    case 'string_agg':
    case 'listagg':
      return inOrderWithin(call);
    case 'percentile':
    case 'approx_percentile':
    case 'percentile_approx':
    case 'approx_quantile':
    case 'quantile':
    case 'quantile_cont':
    case 'quantile_disc':
      return values[1]?.kind === 'array' || isFromGreatest(call)
        ? percentilesOf(call, name, values)
        : spelledCall(call, name);
    case 'regexp_extract_all':
      return values.length === 2 ? allExtracted(call, values) : spelledCall(call, name);
    case 'dateadd':
    case 'timestampadd':
      return values.length === 3 ? laterBy(call, values) : spelledCall(call, name);
    case 'from_json':
      return rowOfJson(call, values);
    case 'struct_extract':
      return fieldNamed(call, values);
    case 'elt':
      return values.length > 1 ? chosen(values, call.position) : undefined;
    case 'format':
      return concatenated(call);
    case 'printf':
    case 'format_string':
      return printed(call);
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
    case 'try_add':
    case 'try_subtract':
    case 'try_multiply':
      // Bound as what they stand for, with a test of the result.
      return undefined;
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

/** Spark's from_json(text, 'a INT, b STRING'): a row; NULL of what is no JSON object. */
function rowOfJson({ position }: Ast.FunctionCall, [json, schema]: readonly Ast.Expression[]): Ast.Expression {
  const isLiteral = schema?.kind === 'stringLiteral' && /^[\w\s:<>(),"`]+$/.test(schema.value);
  if (json === undefined || !isLiteral || /^\s*(array|map)\s*</i.test(schema.value)) {
    const hint = "Write from_json(text, 'a int, b text'), or take arrays apart by json_populate_recordset.";
    throw unsupported('a schema that is no literal list of fields', schema?.position ?? position, hint);
  }
  const type = /^\s*struct\s*</i.test(schema.value) ? schema.value : `struct<${schema.value}>`;
  const sql = `case when $1::text is json object then json_populate_record(null::${type}, $1::text::json) end`;
  return atPosition(schema.position, () => expressionOf(sql, [json], position));
}

/** DuckDB's struct_extract(row, 'field'). */
function fieldNamed(call: Ast.FunctionCall, [operand, name]: readonly Ast.Expression[]): Ast.Expression {
  const { position } = call;
  if (operand === undefined || name?.kind !== 'stringLiteral') {
    throw unsupported(
      'a name of a field that is no literal',
      name?.position ?? position,
      "Write struct_extract(row, 'field').",
    );
  }
  const field: Ast.Identifier = { kind: 'identifier', name: name.value, quoted: true, position: name.position };
  return { kind: 'field', operand, field, position };
}

/** Spark's elt(n, a, b, …). */
function chosen([number, ...elements]: readonly Ast.Expression[], position: number): Ast.Expression {
  return expressionOf('($1)[$2]', [{ kind: 'array', elements, position }, number!], position);
}

/** Spark's dateadd(unit, n, time). */
function laterBy(call: Ast.FunctionCall, [unit, count, time]: readonly Ast.Expression[]): Ast.Expression {
  const { position } = unit!;
  const word = unit!.kind === 'columnReference' ? unit.parts[0]! : undefined;
  const name = unit!.kind === 'stringLiteral' ? unit.value : word?.name;
  if (name === undefined) throw unsupported('a unit that is no word', position, 'Write dateadd(day, 1, time).');
  const interval = countedInterval(count!, { kind: 'identifier', name, quoted: false, position });
  return expressionOf('$1 + $2', [time!, interval], call.position);
}

/** Of the first group where there is one: Spark's default. */
function allExtracted(call: Ast.FunctionCall, values: readonly Ast.Expression[]): Ast.Expression {
  const pattern = values[1]!;
  if (pattern.kind !== 'stringLiteral') {
    throw unsupported(
      'a pattern that is no literal, without the number of a group',
      pattern.position,
      'Give 0 for the whole match.',
    );
  }
  const hasGroup = /^(?:[^\\(]|\\.|\(\?)*\((?!\?)/s.test(pattern.value);
  const group: Ast.Expression = { kind: 'numericLiteral', text: hasGroup ? '1' : '0', position: pattern.position };
  return expressionOf('regexp_extract_all($1, $2, $3)', [...values, group], call.position);
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
