import { notSupportedError, userError } from '../common/errors.js';
import type { Expression } from './ast/expression.js';
import type { Identifier } from './ast/identifier.js';
import type { CommonTableExpression, Query, SetOperation } from './ast/query.js';
import type { Relation } from './ast/relation.js';
import type { Select, SelectItem } from './ast/select.js';
import { plainQuery, plainSelect } from './plain-query.js';

/** `SEARCH DEPTH | BREADTH FIRST BY columns SET column`. */
export interface SearchClause {
  readonly breadth: boolean;
  readonly columns: readonly Identifier[];
  readonly sequence: Identifier;
  readonly position: number;
}

/** `CYCLE columns SET mark [TO value DEFAULT value] USING path`. */
export interface CycleClause {
  readonly columns: readonly Identifier[];
  readonly mark: Identifier;
  readonly value: Expression;
  readonly otherwise: Expression;
  readonly path: Identifier;
  readonly position: number;
}

/** A column that the query gets: its value in the first rows, and in those that follow, of `previous` and the row's own. */
interface CarriedColumn {
  readonly name: Identifier;
  /** For messages. */
  readonly what: string;
  readonly first: Expression;
  readonly next: (previous: (name: string) => Expression) => Expression;
}

const SELF = 'the query itself';

/**
 * SEARCH and CYCLE as the SQL standard explains them, by columns that the recursive query carries along: the rows on the way to each row,
 * or their number, and whether a row is on its own way.
 */
export function withRecursionOrder(
  table: CommonTableExpression,
  search: SearchClause | undefined,
  cycle: CycleClause | undefined,
): CommonTableExpression {
  const position = (search ?? cycle)?.position;
  if (position === undefined) return table;
  const { body } = table.query;
  const names = columnNames(table, body, position);
  const known = new Set(names.map(({ name }) => name));
  for (const { name, position: at } of [...(search?.columns ?? []), ...(cycle?.columns ?? [])]) {
    if (known.has(name)) continue;
    const clause = search?.columns.some((column) => column.position === at) ? 'search' : 'cycle';
    throw userError('42601', `${clause} column "${name}" not in WITH query column list`, { position: at });
  }
  const carried = [...searchColumns(search), ...cycleColumns(cycle)];
  for (const [index, { name, what }] of carried.entries()) {
    if (known.has(name.name)) {
      const message = `${what} column name "${name.name}" already used in WITH query column list`;
      throw userError('42701', message, { position: name.position });
    }
    const twin = carried.slice(0, index).find((other) => other.name.name === name.name);
    if (twin === undefined) continue;
    const message = `${twin.what} column name and ${what} column name are the same`;
    throw userError('42601', message, { position: name.position });
  }
  if (body.kind !== 'setOperation' || body.operator !== 'union' || body.right.kind !== 'select') {
    throw notSupportedError('with a SEARCH or CYCLE clause, the right side of the UNION must be a SELECT', {
      position,
    });
  }
  const left = outer(
    plainQuery(body.left),
    names,
    [],
    carried.map(({ first, name }) => itemOf(first, name)),
  );
  const step = steps(body.right, table, carried, cycle, position);
  const previous = (name: string): Expression => column(hidden(name));
  const right = outer(
    plainQuery(step),
    names,
    carried.map(({ name }) => name),
    carried.map(({ next, name }) => itemOf(next(previous), name)),
  );
  const union: SetOperation = { ...body, left, right };
  return { ...table, columns: [...names, ...carried.map(({ name }) => name)], query: { ...table.query, body: union } };
}

function columnNames(
  { columns, name }: CommonTableExpression,
  body: Query['body'],
  position: number,
): readonly Identifier[] {
  const first = body.kind === 'setOperation' ? body.left : body;
  if (columns.length > 0) return columns;
  const found = first.kind === 'select' ? first.items.map(nameOf) : [undefined];
  if (found.every((found) => found !== undefined)) return found;
  throw notSupportedError('SEARCH and CYCLE need the names of the columns', {
    position,
    hint: `Write them behind the name of the query: ${name.name} (a, b) AS (…).`,
  });
}

function nameOf(item: SelectItem): Identifier | undefined {
  if (item.kind === 'star') return undefined;
  return item.alias ?? (item.expression.kind === 'columnReference' ? item.expression.parts.at(-1) : undefined);
}

function searchColumns(search: SearchClause | undefined): CarriedColumn[] {
  if (search === undefined) return [];
  const { sequence: name, columns, breadth, position } = search;
  const own = columns.map(({ name: part }) => column(part));
  const depth = (previous: Expression): Expression =>
    binary('+', { kind: 'field', operand: previous, field: identifier('f1'), position }, number('1'));
  if (!breadth) {
    const row = rowOf(own);
    return [
      { name, what: 'search sequence', first: arrayOf(row), next: (previous) => appended(previous(name.name), row) },
    ];
  }
  return [
    {
      name,
      what: 'search sequence',
      first: rowOf([number('0'), ...own]),
      next: (previous) => rowOf([depth(previous(name.name)), ...own]),
    },
  ];
}

function cycleColumns(cycle: CycleClause | undefined): CarriedColumn[] {
  if (cycle === undefined) return [];
  const { mark, path, value, otherwise, columns, position } = cycle;
  const row = rowOf(columns.map(({ name }) => column(name)));
  return [
    {
      name: mark,
      what: 'cycle mark',
      first: otherwise,
      next: (previous) => ({
        kind: 'case',
        operand: undefined,
        branches: [
          {
            kind: 'caseBranch',
            condition: {
              kind: 'quantifiedArray',
              operator: '=',
              operatorPosition: position,
              quantifier: 'any',
              operand: row,
              array: previous(path.name),
              position,
            },
            result: value,
            position,
          },
        ],
        otherwise,
        position,
      }),
    },
    { name: path, what: 'cycle path', first: arrayOf(row), next: (previous) => appended(previous(path.name), row) },
  ];
}

/** The recursive SELECT, with the columns of the row it comes from that are carried along; a row on its own way has no next. */
function steps(
  step: Select,
  table: CommonTableExpression,
  carried: readonly CarriedColumn[],
  cycle: CycleClause | undefined,
  position: number,
): Select {
  const self = step.from.flatMap(relationsOf).find((relation) => isSelf(relation, table.name.name));
  if (self === undefined) {
    throw notSupportedError('with a SEARCH or CYCLE clause, the query must name itself in FROM of the right side', {
      position,
    });
  }
  const alias = self.alias?.name.name ?? table.name.name;
  for (const item of step.items) {
    if (item.kind !== 'star') continue;
    const isOther = item.qualifier.length > 0 && item.qualifier.at(-1)!.name !== alias;
    if (isOther) continue;
    throw notSupportedError('a star beside SEARCH or CYCLE is not supported', {
      position: item.position,
      hint: 'Name the columns of the recursive query.',
    });
  }
  const items = carried.map(({ name }) => itemOf(column(name.name, alias), hidden(name.name)));
  const goesOn = cycle && binary('<>', column(cycle.mark.name, alias), cycle.value);
  const where: Expression | undefined =
    goesOn === undefined || step.where === undefined
      ? (goesOn ?? step.where)
      : { kind: 'logical', operator: 'and', operands: [step.where, goesOn], position };
  return { ...step, items: [...step.items, ...items], where };
}

type Named = Extract<Relation, { kind: 'table' }>;

function relationsOf(relation: Relation): readonly Relation[] {
  return relation.kind === 'join' ? [...relationsOf(relation.left), ...relationsOf(relation.right)] : [relation];
}

function isSelf(relation: Relation, name: string): relation is Named {
  return relation.kind === 'table' && relation.name.parts.length === 1 && relation.name.parts[0]!.name === name;
}

/** SELECT the columns, and more that is made of them and of what the query hides, FROM the query. */
function outer(
  query: Query,
  columns: readonly Identifier[],
  hiddenColumns: readonly Identifier[],
  more: readonly SelectItem[],
): Select {
  const { position } = query;
  const names = [...columns, ...hiddenColumns.map(({ name }) => identifier(hidden(name)))];
  const alias = { kind: 'tableAlias', name: identifier(SELF), columns: names, position } as const;
  const items = [...columns.map((name) => itemOf(column(name.name), name)), ...more];
  return plainSelect(items, [{ kind: 'subquery', lateral: false, query, alias, position }], position);
}

const hidden = (name: string): string => `previous ${name}`;
const identifier = (name: string): Identifier => ({ kind: 'identifier', name, quoted: true, position: 0 });
const number = (text: string): Expression => ({ kind: 'numericLiteral', text, position: 0 });
const rowOf = (elements: readonly Expression[]): Expression => ({ kind: 'row', elements, position: 0 });
const arrayOf = (element: Expression): Expression => ({ kind: 'array', elements: [element], position: 0 });
const appended = (path: Expression, row: Expression): Expression => binary('||', path, row);

function column(name: string, relation?: string): Expression {
  const parts = relation === undefined ? [identifier(name)] : [identifier(relation), identifier(name)];
  return { kind: 'columnReference', parts, position: 0 };
}

function itemOf(expression: Expression, alias: Identifier | string): SelectItem {
  const name = typeof alias === 'string' ? identifier(alias) : alias;
  return { kind: 'selectExpression', expression, alias: name, position: name.position };
}

function binary(operator: string, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, operatorPosition: 0, operatorSchema: undefined, left, right, position: 0 };
}
