import { userError } from '../../common/errors.js';
import { isAggregate } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { mapNodes, plainQuery, plainSelect, visitNodes } from '../../parser/index.js';
import { type BindContext, type BoundQuery, unsupported } from './bind-context.js';
import type { BoundRelation, Scope } from './scope.js';

/** The name of the table that is turned, in the queries that are written here: no text can say it. */
const TURNED = '';
const NUMBERS = ' numbers';

/**
 * PIVOT becomes a grouping by all columns that it does not mention, with one FILTER for each value; UNPIVOT a join with
 * as many numbers as there are columns to be turned into rows. Either reads the table once.
 */
export function bindPivot(
  relation: Ast.PivotRelation | Ast.UnpivotRelation,
  table: BoundRelation,
  scope: Scope,
  context: BindContext,
): BoundQuery {
  const names = table.columns.map(({ name }) => name);
  const isAggregateName = (name: string): boolean => isAggregate(name, context.userFunctions);
  const select =
    relation.kind === 'pivot' ? pivotQuery(relation, names, isAggregateName) : unpivotQuery(relation, names);
  const commonTables = new Map([...scope.commonTables, [TURNED, { name: TURNED, bind: () => table }]]);
  return context.bindQuery(plainQuery(select), { ...scope, commonTables });
}

function pivotQuery(
  pivot: Ast.PivotRelation,
  names: readonly string[],
  isAggregateName: (name: string) => boolean,
): Ast.Select {
  const { aggregates, columns, values, position } = pivot;
  for (const column of columns) assertKnown(column, names);
  const used = new Set(columns.map(({ name }) => name));
  for (const { expression } of aggregates) for (const name of columnNames(expression)) used.add(name);
  const kept = names.filter((name) => !used.has(name)).map((name) => itemOf(columnOf([name], position), name));
  const turned = values.flatMap((value) => {
    const filter = isValue(columns, value.expression);
    return aggregates.map((aggregate) => {
      const label = value.alias?.name ?? labelOf(value.expression);
      // As Spark names them.
      const name = aggregates.length === 1 ? label : `${label}_${aggregate.alias?.name ?? functionNameOf(aggregate)}`;
      return itemOf(filtered(aggregate, filter, isAggregateName), name);
    });
  });
  const elements = kept.map(
    ({ expression }): Ast.GroupingElement => ({ kind: 'groupingExpression', expressions: [expression], position }),
  );
  const groupBy: Ast.GroupByClause = { kind: 'groupBy', distinct: false, all: false, elements, position };
  return plainSelect([...kept, ...turned], tableOf(position), position, {
    groupBy: kept.length > 0 ? groupBy : undefined,
  });
}

/** The expression, whose aggregates count only rows that the condition holds for. */
function filtered(
  { expression }: Ast.SelectExpression,
  filter: Ast.Expression,
  isAggregateName: (name: string) => boolean,
): Ast.Expression {
  let found = false;
  const changed = mapNodes(expression, (node) => {
    if (node.kind !== 'functionCall') return undefined;
    const call = node as Ast.FunctionCall;
    if (call.filter || call.over || !isAggregateName(call.name.parts.at(-1)!.name)) return undefined;
    found = true;
    return { ...call, filter };
  });
  if (found) return changed;
  const hint = 'Compute with the columns of PIVOT in the query around it.';
  throw unsupported('anything but aggregates in PIVOT', expression.position, hint);
}

/** `a = value`, or `(a, b) = (value, value)`. */
function isValue(columns: readonly Ast.Identifier[], value: Ast.Expression): Ast.Expression {
  const { position } = value;
  const [first] = columns;
  const references = columns.map(({ name }) => columnOf([name], position));
  if (columns.length > 1 && (value.kind !== 'row' || value.elements.length !== columns.length)) {
    throw userError('42601', `PIVOT for ${columns.length} columns needs ${columns.length} values`, {
      position,
      hint: `Write FOR (${first!.name}, …) IN ((1, …) AS name).`,
    });
  }
  const left: Ast.Expression =
    references.length === 1 ? references[0]! : { kind: 'row', elements: references, position };
  return {
    kind: 'binary',
    operator: '=',
    operatorSchema: undefined,
    operatorPosition: position,
    left,
    right: value,
    position,
  };
}

function unpivotQuery(unpivot: Ast.UnpivotRelation, names: readonly string[]): Ast.Select {
  const { columns, value, name, position } = unpivot;
  for (const { column } of columns) assertKnown(column, names);
  const turned = new Set(columns.map(({ column }) => column.name));
  const kept = names.filter((other) => !turned.has(other)).map((other) => itemOf(columnOf([other], position), other));
  const number = columnOf([NUMBERS, 'number'], position);
  const choose = (results: readonly Ast.Expression[]): Ast.Expression => ({
    kind: 'case',
    operand: number,
    branches: results.map((result, i) => ({ kind: 'caseBranch', condition: numberOf(i, position), result, position })),
    otherwise: undefined,
    position,
  });
  const label = choose(
    columns.map(({ column, label }) => ({ kind: 'stringLiteral', value: label ?? column.name, position })),
  );
  const chosen = choose(columns.map(({ column }) => columnOf([column.name], column.position)));
  const where: Ast.Expression = { kind: 'is', operand: chosen, test: 'null', negated: true, position };
  const identifier = (text: string): Ast.Identifier => ({ kind: 'identifier', name: text, quoted: true, position });
  const numbers: Ast.Relation = {
    kind: 'subquery',
    lateral: false,
    query: plainQuery({ kind: 'values', rows: columns.map((_, i) => [numberOf(i, position)]), position }),
    alias: { kind: 'tableAlias', name: identifier(NUMBERS), columns: [identifier('number')], position },
    position,
  };
  const items = [...kept, itemOf(label, name.name), itemOf(chosen, value.name)];
  return plainSelect(items, [...tableOf(position), numbers], position, {
    where: unpivot.includeNulls ? undefined : where,
  });
}

const numberOf = (index: number, position: number): Ast.Expression => ({
  kind: 'numericLiteral',
  text: `${index + 1}`,
  position,
});

function tableOf(position: number): readonly Ast.Relation[] {
  const name: Ast.QualifiedName = { kind: 'qualifiedName', parts: [named(TURNED, position)], position };
  return [{ kind: 'table', name, alias: undefined, position }];
}

const named = (name: string, position: number): Ast.Identifier => ({
  kind: 'identifier',
  name,
  quoted: true,
  position,
});

const columnOf = (parts: readonly string[], position: number): Ast.Expression => ({
  kind: 'columnReference',
  parts: parts.map((part) => named(part, position)),
  position,
});

function itemOf(expression: Ast.Expression, name: string): Ast.SelectExpression {
  const { position } = expression;
  return { kind: 'selectExpression', expression, alias: named(name, position), position };
}

function functionNameOf({ expression }: Ast.SelectExpression): string {
  return expression.kind === 'functionCall' ? expression.name.parts.at(-1)!.name : 'value';
}

function columnNames(tree: unknown): string[] {
  const names: string[] = [];
  visitNodes(tree, (node) => {
    if (node.kind === 'columnReference') names.push(node.parts.at(-1)!.name);
  });
  return names;
}

function labelOf(value: Ast.Expression): string {
  if (value.kind === 'stringLiteral') return value.value;
  if (value.kind === 'numericLiteral') return value.text;
  if (value.kind === 'booleanLiteral') return String(value.value);
  if (value.kind === 'row') return value.elements.map(labelOf).join('_');
  throw unsupported('a value without a name in PIVOT', value.position, 'Name the column with AS.');
}

function assertKnown(column: Ast.Identifier, names: readonly string[]): void {
  if (names.includes(column.name)) return;
  throw userError('42703', `column "${column.name}" does not exist`, { position: column.position });
}
