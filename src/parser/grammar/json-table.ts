import type { Expression } from '../ast/expression.js';
import type { Identifier } from '../ast/identifier.js';
import type { Query, QueryBody } from '../ast/query.js';
import type { Relation, TableAlias } from '../ast/relation.js';
import type { Select, SelectItem } from '../ast/select.js';
import type { TypeName } from '../ast/type-name.js';
import { plainQuery, plainSelect } from '../plain-query.js';
import { createBuiltInCall } from './function-parser.js';
import { castTo, type JsonClauses, literal, namedType, nameOf, queried } from './json-form-parser.js';

/** A column of JSON_TABLE, or further rows for each of its rows. */
export type JsonTableColumn =
  | { readonly kind: 'ordinality'; readonly name: Identifier }
  | {
      readonly kind: 'value' | 'exists' | 'json';
      readonly name: Identifier;
      readonly type: TypeName;
      /** Undefined: the member of the column's name. */
      readonly path: string | undefined;
      readonly clauses: JsonClauses;
    }
  | { readonly kind: 'nested'; readonly path: string; readonly columns: readonly JsonTableColumn[] };

export interface JsonTable {
  readonly target: Expression;
  readonly path: Expression;
  readonly passing: readonly Expression[];
  /** Whether what is wrong with its own path is an error; columns say so for themselves. */
  readonly errorOnError: boolean;
  readonly columns: readonly JsonTableColumn[];
  readonly position: number;
}

type Nested = Extract<JsonTableColumn, { kind: 'nested' }>;

const INTEGER = 'int4';

/**
 * JSON_TABLE as a query: its rows are what the path finds, its columns JSON_VALUE, JSON_QUERY and JSON_EXISTS of them. NESTED
 * PATH is an outer join with the rows that its path finds within each; those of several stand one below the other.
 */
export function jsonTableQuery(table: JsonTable): Query {
  const { target, position } = table;
  return plainQuery(
    rowsAt(table, castTo(target, namedType('jsonb', position), position), table.path, table.columns, 0),
  );
}

function rowsAt(
  table: JsonTable,
  target: Expression,
  path: Expression,
  columns: readonly JsonTableColumn[],
  depth: number,
): Select {
  const { position } = table;
  const [rows, rest] = [`rows ${depth}`, `nested ${depth}`];
  const nested = columns.filter((column) => column.kind === 'nested');
  const item = reference(rows, 'item');
  const found = pathRows(table, target, path, rows);
  const items = columns.flatMap((column): SelectItem[] => {
    if (column.kind !== 'nested') return [itemOf(columnValue(table, column, rows), column.name)];
    return namesIn(column.columns).map(({ name }) => itemOf(reference(rest, name.name), name));
  });
  if (nested.length === 0) return plainSelect(items, [found], position);
  const parts = nested.map((child) => partOf(table, item, child, nested, depth));
  const [first, ...others] = parts as [Select, ...Select[]];
  const all = others.reduce<QueryBody>(
    (left, right) => ({ kind: 'setOperation', operator: 'union', all: true, byName: false, left, right, position }),
    first,
  );
  const right: Relation = { kind: 'subquery', lateral: true, query: plainQuery(all), alias: alias(rest, []), position };
  const condition = { kind: 'on', expression: { kind: 'booleanLiteral', value: true, position }, position } as const;
  const join: Relation = {
    kind: 'join',
    type: 'left',
    asof: false,
    left: found,
    right,
    condition,
    alias: undefined,
    position,
  };
  return plainSelect(items, [join], position);
}

/** The rows of one NESTED PATH, with NULLs in the columns of the others beside it. */
function partOf(table: JsonTable, item: Expression, child: Nested, siblings: readonly Nested[], depth: number): Select {
  const { position } = table;
  const own = rowsAt(table, item, literal(child.path, position), child.columns, depth + 1);
  if (siblings.length === 1) return own;
  const items = siblings.flatMap((sibling): SelectItem[] =>
    sibling === child
      ? [...own.items]
      : namesIn(sibling.columns).map(({ name, type }) =>
          itemOf(castTo({ kind: 'nullLiteral', position }, type ?? namedType(INTEGER, position), position), name),
        ),
  );
  return { ...own, items };
}

/** All columns, those that are nested in their place. */
function namesIn(
  columns: readonly JsonTableColumn[],
): { readonly name: Identifier; readonly type: TypeName | undefined }[] {
  return columns.flatMap((column) => {
    if (column.kind === 'nested') return namesIn(column.columns);
    return [{ name: column.name, type: column.kind === 'ordinality' ? undefined : column.type }];
  });
}

/** What the path finds, in order: `name (item, number)`. */
function pathRows(table: JsonTable, target: Expression, path: Expression, name: string): Relation {
  const { position, passing, errorOnError } = table;
  const variables =
    passing.length === 0 ? literal('{}', position) : createBuiltInCall('jsonb_build_object', passing, position);
  const silent: Expression = { kind: 'booleanLiteral', value: !errorOnError, position };
  const typed = castTo(variables, namedType('jsonb', position), position);
  return {
    kind: 'function',
    lateral: true,
    call: createBuiltInCall('jsonb_path_query', [target, path, typed, silent], position),
    withOrdinality: true,
    alias: alias(name, ['item', 'number']),
    columnDefinitions: [],
    position,
  };
}

function columnValue(table: JsonTable, column: Exclude<JsonTableColumn, Nested>, rows: string): Expression {
  const { position } = column.name;
  if (column.kind === 'ordinality') return castTo(reference(rows, 'number'), namedType(INTEGER, position), position);
  const path = literal(column.path ?? `$.${JSON.stringify(column.name.name)}`, position);
  const clauses = { ...column.clauses, passing: table.passing };
  const item = reference(rows, 'item');
  if (column.kind === 'exists') {
    const exists = queried('json_exists', [item, path], { ...clauses, returning: undefined }, position);
    return castTo(exists, column.type, position);
  }
  const isNested = ['json', 'jsonb'].includes(nameOf(column.type)) || column.type.arrayDimensions.length > 0;
  const form = column.kind === 'json' || isNested ? 'json_query' : 'json_value';
  return queried(form, [item, path], { ...clauses, returning: column.type }, position);
}

function alias(name: string, columns: readonly string[]): TableAlias {
  return { kind: 'tableAlias', name: identifier(name), columns: columns.map(identifier), position: 0 };
}

function identifier(name: string): Identifier {
  return { kind: 'identifier', name, quoted: true, position: 0 };
}

function reference(relation: string, name: string): Expression {
  return { kind: 'columnReference', parts: [identifier(relation), identifier(name)], position: 0 };
}

function itemOf(expression: Expression, name: Identifier): SelectItem {
  return { kind: 'selectExpression', expression, alias: name, position: name.position };
}
