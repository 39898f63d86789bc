import type * as Ast from '../../parser/index.js';
import { parseTypeName } from '../../parser/index.js';

/*
 * Pieces of syntax trees, for statements that are queries in disguise. What is made here is nowhere in the text: its
 * position is 0, and nothing of it can be wrong.
 */
const position = 0;

function identifier(name: string): Ast.Identifier {
  return { kind: 'identifier', name, quoted: true, position };
}

type Target = Ast.DeleteStatement | Ast.UpdateStatement;

export const one: Ast.Expression = { kind: 'numericLiteral', text: '1', position };
export const truth: Ast.Expression = { kind: 'booleanLiteral', value: true, position };
export const countAll: Ast.Expression = {
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

export function query(
  expressions: readonly Ast.Expression[],
  from: readonly Ast.Relation[],
  where: Ast.Expression | undefined,
  { limit }: { readonly limit?: number } = {},
): Ast.Query {
  const items = expressions.map(
    (expression) => ({ kind: 'selectExpression', expression, alias: undefined, position }) as const,
  );
  const none = { distinct: undefined, groupBy: undefined, having: undefined, windows: [], qualify: undefined };
  const body: Ast.Select = { kind: 'select', items, from, where, ...none, position };
  const count: Ast.Expression = { kind: 'numericLiteral', text: String(limit), position };
  return {
    kind: 'query',
    with: undefined,
    body,
    orderBy: [],
    limit: limit === undefined ? undefined : { kind: 'limit', count, withTies: false, position },
    offset: undefined,
    position,
    end: position,
  };
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

export function isNotTrue(operand: Ast.Expression): Ast.Expression {
  return { kind: 'is', operand, test: 'true', negated: true, position };
}

/** Is the expression the value of that text? Undefined is NULL. */
export function isSame(left: Ast.Expression, text: string | undefined, type: string): Ast.Expression {
  if (text === undefined) return { kind: 'is', operand: left, test: 'null', negated: false, position };
  const right: Ast.Expression = {
    kind: 'cast',
    operand: { kind: 'stringLiteral', value: text, position },
    type: parseTypeName(type),
    tryCast: false,
    operatorPosition: position,
    position,
  };
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

/** CASE WHEN condition THEN result ELSE otherwise END. */
export function choice(condition: Ast.Expression, result: Ast.Expression, otherwise: Ast.Expression): Ast.Expression {
  return {
    kind: 'case',
    operand: undefined,
    branches: [{ kind: 'caseBranch', condition, result, position }],
    otherwise,
    position,
  };
}

export function lateral(inner: Ast.Query, name: string, columns: readonly string[]): Ast.Relation {
  return { kind: 'subquery', lateral: true, query: inner, alias: tableAlias(name, columns), position };
}

export function leftJoin(left: Ast.Relation, right: Ast.Relation): Ast.Relation {
  const condition = { kind: 'on', expression: truth, position } as const;
  return { kind: 'join', type: 'left', asof: false, left, right, condition, alias: undefined, position };
}

function tableAlias(name: string, columns: readonly string[]): Ast.TableAlias {
  return { kind: 'tableAlias', name: identifier(name), columns: columns.map(identifier), position };
}
