import type * as Ast from '../../parser/index.js';
import { parseTypeName, plainQuery, plainSelect } from '../../parser/index.js';

/*
 * Pieces of syntax trees, for statements that are queries in disguise. What is made here is nowhere in the text: its
 * position is 0, and nothing of it can be wrong; what is given stays where it stands.
 */
const position = 0;

export function identifier(name: string): Ast.Identifier {
  return { kind: 'identifier', name, quoted: true, position };
}

type Target = Pick<Ast.DeleteStatement, 'table' | 'alias'>;

export function qualifiedName(parts: readonly string[]): Ast.QualifiedName {
  return { kind: 'qualifiedName', parts: parts.map(identifier), position };
}

/** `name.*` */
export function star(name: string): Ast.Star {
  return { kind: 'star', qualifier: [identifier(name)], exclude: [], replace: [], rename: [], position };
}

/** `*` */
export const starOfAll: Ast.Star = {
  kind: 'star',
  qualifier: [],
  exclude: [],
  replace: [],
  rename: [],
  position,
};

export const one: Ast.Expression = { kind: 'numericLiteral', text: '1', position };
export const truth: Ast.Expression = { kind: 'booleanLiteral', value: true, position };
/** A call of a function with these arguments. */
export function call(name: string, values: readonly Ast.Expression[]): Ast.FunctionCall {
  const args = values.map(
    (value): Ast.FunctionArgument => ({
      kind: 'functionArgument',
      name: undefined,
      value,
      variadic: false,
      position: value.position,
    }),
  );
  return { ...countAll, name: qualifiedName([name]), args, star: false };
}

export const countAll: Ast.FunctionCall = {
  kind: 'functionCall',
  name: { kind: 'qualifiedName', parts: [identifier('count')], position },
  args: [],
  star: true,
  distinct: false,
  orderBy: [],
  withinGroup: undefined,
  filter: undefined,
  over: undefined,
  nullTreatment: undefined,
  position,
};

/** row_number() OVER (PARTITION BY …) */
export function rowNumber(partitionBy: readonly Ast.Expression[] = []): Ast.Expression {
  const over: Ast.WindowSpecification = {
    kind: 'windowSpecification',
    base: undefined,
    partitionBy,
    orderBy: [],
    frame: undefined,
    position,
  };
  return { ...(countAll as Ast.FunctionCall), name: qualifiedName(['row_number']), star: false, over };
}

export function query(
  expressions: readonly Ast.Expression[],
  from: readonly Ast.Relation[],
  where: Ast.Expression | undefined,
  { limit }: { readonly limit?: number } = {},
): Ast.Query {
  return selectOf(expressions.map(item), from, where, { limit });
}

function item(expression: Ast.Expression): Ast.SelectExpression {
  return { kind: 'selectExpression', expression, alias: undefined, position };
}

/** `expression AS name` */
export function itemAs(expression: Ast.Expression, name: string): Ast.SelectExpression {
  return { ...item(expression), alias: identifier(name) };
}

export function selectOf(
  items: readonly Ast.SelectItem[],
  from: readonly Ast.Relation[],
  where: Ast.Expression | undefined,
  { limit }: { readonly limit?: number | undefined } = {},
): Ast.Query {
  const query = plainQuery(plainSelect(items, from, position, { where }));
  if (limit === undefined) return query;
  const count: Ast.Expression = { kind: 'numericLiteral', text: String(limit), position };
  return { ...query, limit: { kind: 'limit', count, withTies: false, position } };
}

export function ordered(rows: Ast.Query, expression: Ast.Expression): Ast.Query {
  const item: Ast.OrderByItem = { kind: 'orderByItem', expression, direction: 'asc', nulls: undefined, position };
  return { ...rows, orderBy: [item] };
}

/** The table that is changed, as its own FROM entry. */
export function target({ table, alias }: Target): Ast.Relation {
  return { kind: 'table', name: table, alias: alias && tableAlias(alias.name, []), position: table.position };
}

/** A column of the table that is changed. */
export function column({ table, alias }: Target, name: string): Ast.Expression {
  return columnOf(alias?.name ?? table.parts.at(-1)!.name, name);
}

export function columnOf(relation: string, name: string): Ast.Expression {
  return { kind: 'columnReference', parts: [identifier(relation), identifier(name)], position };
}

export function and(operands: readonly Ast.Expression[]): Ast.Expression {
  return logical('and', operands);
}

export function or(operands: readonly Ast.Expression[]): Ast.Expression {
  return logical('or', operands);
}

function logical(operator: 'and' | 'or', operands: readonly Ast.Expression[]): Ast.Expression {
  const [first, ...others] = operands;
  if (first === undefined) return { kind: 'booleanLiteral', value: operator === 'and', position };
  return others.length === 0 ? first : { kind: 'logical', operator, operands, position };
}

export function isTrue(operand: Ast.Expression): Ast.Expression {
  return { kind: 'is', operand, test: 'true', negated: false, position };
}

export function isNotTrue(operand: Ast.Expression): Ast.Expression {
  return { kind: 'is', operand, test: 'true', negated: true, position };
}

export function castTo(operand: Ast.Expression, type: string | Ast.TypeName): Ast.Expression {
  const target = typeof type === 'string' ? parseTypeName(type) : type;
  return { kind: 'cast', operand, type: target, tryCast: false, operatorPosition: position, position };
}

export function castToText(operand: Ast.Expression): Ast.Expression {
  return castTo(operand, 'text');
}

/** Is the expression the value of that text? Undefined is NULL. */
export function isSame(left: Ast.Expression, text: string | undefined, type: string): Ast.Expression {
  if (text === undefined) return { kind: 'is', operand: left, test: 'null', negated: false, position };
  const right = castTo({ kind: 'stringLiteral', value: text, position }, type);
  return {
    kind: 'binary',
    operator: '=',
    operatorPosition: position,
    operatorSchema: undefined,
    left,
    right,
    position,
  };
}

/** CASE WHEN … THEN … WHEN … THEN … ELSE otherwise END. */
export function cases(
  branches: readonly (readonly [condition: Ast.Expression, result: Ast.Expression])[],
  otherwise: Ast.Expression,
): Ast.Expression {
  if (branches.length === 0) return otherwise;
  return {
    kind: 'case',
    operand: undefined,
    branches: branches.map(([condition, result]) => ({ kind: 'caseBranch', condition, result, position })),
    otherwise,
    position,
  };
}

export function isNull(operand: Ast.Expression, negated: boolean): Ast.Expression {
  return { kind: 'is', operand, test: 'null', negated, position };
}

export function text(value: string): Ast.Expression {
  return { kind: 'stringLiteral', value, position };
}

/** operand IN (numbers) */
export function isOneOf(operand: Ast.Expression, numbers: readonly number[]): Ast.Expression {
  return or(numbers.map((number) => isInteger(operand, number)));
}

export function isInteger(left: Ast.Expression, value: number): Ast.Expression {
  const operator = { operator: '=', operatorPosition: position, operatorSchema: undefined };
  return { kind: 'binary', ...operator, left, right: integer(value), position };
}

/** CASE WHEN condition THEN result ELSE otherwise END. */
export function choice(condition: Ast.Expression, result: Ast.Expression, otherwise: Ast.Expression): Ast.Expression {
  return cases([[condition, result]], otherwise);
}

export function lateral(inner: Ast.Query, name: string, columns: readonly string[]): Ast.Relation {
  return { kind: 'subquery', lateral: true, query: inner, alias: tableAlias(name, columns), position };
}

/** The rows of `relation`, and as `name.column` whether the condition holds. */
export function marked(relation: Ast.Relation, condition: Ast.Expression, name: string, column: string): Ast.Relation {
  return { kind: 'marked', relation, condition, alias: tableAlias(name, [column]), position };
}

export function leftJoin(left: Ast.Relation, right: Ast.Relation): Ast.Relation {
  return join('left', left, right, truth);
}

export function join(
  type: 'left' | 'full' | 'inner',
  left: Ast.Relation,
  right: Ast.Relation,
  expression: Ast.Expression,
): Ast.Relation {
  const condition = { kind: 'on', expression, position } as const;
  return { kind: 'join', type, asof: false, left, right, condition, alias: undefined, position };
}

export function named(relation: Ast.Relation, name: string, columns: readonly string[] = []): Ast.Relation {
  return { ...relation, alias: tableAlias(name, columns) } as Ast.Relation;
}

export function tableOf(name: Ast.QualifiedName): Ast.Relation {
  return { kind: 'table', name, alias: undefined, position };
}

export function subqueryOf(inner: Ast.Query, name: string, columns: readonly string[] = []): Ast.SubqueryRelation {
  return { kind: 'subquery', lateral: false, query: inner, alias: tableAlias(name, columns), position };
}

export function integer(value: number): Ast.Expression {
  return { kind: 'numericLiteral', text: String(value), position };
}

function tableAlias(name: string, columns: readonly string[]): Ast.TableAlias {
  return { kind: 'tableAlias', name: identifier(name), columns: columns.map(identifier), position };
}
