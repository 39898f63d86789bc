import { userError } from '../../common/errors.js';
import { nearestName } from '../../common/nearest-name.js';
import type { CommonTableExpression, Identifier } from '../../parser/ast/index.js';
import type { ColumnExpression } from '../expression.js';
import type { LogicalColumn, LogicalNode } from '../logical/logical-plan.js';
import type { AggregateBinder } from './bind-context.js';
import { isSpelling, spelledName } from './spelling.js';

/** A column as a FROM clause shows it; `name` may be an alias. */
export interface ScopeColumn {
  readonly name: string;
  readonly column: LogicalColumn;
  /** Of a column of USING: the id of the one that it is in another type. */
  readonly determinedBy?: number | undefined;
}

export interface ScopeTable {
  /** The name it is addressed by; undefined for subqueries without one. */
  readonly alias: string | undefined;
  /** The table's own name, where an alias hides it: for hints. */
  readonly hiddenName?: string | undefined;
  /** Rows may be missing: the side of an outer join that need not match. */
  readonly isOptional?: boolean | undefined;
  /** A function whose only column is its value: the table's name stands for that, not for a row. */
  readonly isValue?: boolean | undefined;
  /** Reads the round before of a recursive query, whose term this FROM is of: it may not aggregate. */
  readonly isWorkingTable?: boolean | undefined;
  readonly columns: readonly ScopeColumn[];
  /** Ids of the columns of its primary key. */
  readonly key?: readonly number[] | undefined;
  /** See `SubqueryRelation`. */
  readonly hidden?: readonly string[] | undefined;
  /** What the alias alone stands for: the value of a function that gives values and not rows. */
  readonly value?: ScopeColumn | undefined;
}

/** What a FROM clause, or a part of it, makes addressable. */
export interface Namespace {
  /** For `t.column` and `t.*`. */
  readonly tables: readonly ScopeTable[];
  /** For bare names and `*`, in order: a column of USING appears once, before the others. */
  readonly visible: readonly ScopeColumn[];
}

export const EMPTY_NAMESPACE: Namespace = { tables: [], visible: [] };

/** A common table expression that is in scope: bound once, copied at each further reference. */
export interface CommonTable {
  readonly name: string;
  readonly bind: () => BoundRelation;
}

export interface BoundRelation {
  readonly plan: LogicalNode;
  readonly columns: readonly ScopeColumn[];
  /** See `ScopeTable`, as for the next two. */
  readonly key?: readonly number[] | undefined;
  readonly value?: ScopeColumn | undefined;
  readonly isWorkingTable?: boolean | undefined;
  readonly hidden?: readonly string[] | undefined;
}

/** The columns that make up the row of an entry of FROM. */
export function columnsOfRow({ columns, hidden }: ScopeTable): readonly ScopeColumn[] {
  return hidden === undefined ? columns : columns.filter(({ name }) => !hidden.includes(name));
}

/** The columns of a query under the names that the WITH gives them. */
export function renamedColumns(table: CommonTableExpression, bound: BoundRelation): readonly ScopeColumn[] {
  if (table.columns.length > bound.columns.length) {
    const message = `WITH query "${table.name.name}" has ${bound.columns.length} columns available but ${table.columns.length} columns specified`;
    throw userError('42P10', message, { position: table.position });
  }
  return bound.columns.map((column, i) => ({ ...column, name: table.columns[i]?.name ?? column.name }));
}

/** The names that an expression may use: its own FROM clause, then those of the queries around it. */
export interface Scope {
  readonly namespace: Namespace;
  readonly parent: Scope | undefined;
  /** What stands to the left of a subquery in FROM that is not LATERAL: for the hint of an error. */
  readonly toTheLeft?: readonly ScopeTable[] | undefined;
  readonly commonTables: ReadonlyMap<string, CommonTable>;
  /** Names of a WITH that its query may not use yet, its own among them: for the hint of an error. */
  readonly laterTables?: ReadonlySet<string> | undefined;
  /** Of the expression that a subquery stands in: its clause, and who computes the aggregates of the query around. */
  readonly clause?: string | undefined;
  readonly aggregates?: AggregateBinder | undefined;
}

interface ColumnOrigin {
  readonly position: number;
  /** As messages show it: `t.a`. */
  readonly label: string;
}

/** Of which errors, where there are any, are told the origin. */
interface FoundColumn {
  readonly position: number;
  readonly namespace: Namespace;
  readonly found: ScopeColumn;
}

const origins = new WeakMap<ColumnExpression, FoundColumn>();

/** Where a bound column reference stood in the text; undefined for those that the binder made up. */
export function originOf(reference: ColumnExpression): ColumnOrigin | undefined {
  const origin = origins.get(reference);
  return origin && { position: origin.position, label: labelOf(origin.namespace, origin.found) };
}

/** The name of a column that was found, which may be written otherwise. */
export function nameOf(reference: ColumnExpression): string | undefined {
  return origins.get(reference)?.found.name;
}

export function joinNamespaces(left: Namespace, right: Namespace): Namespace {
  return { tables: [...left.tables, ...right.tables], visible: [...left.visible, ...right.visible] };
}

/** 42712 when two entries of a FROM clause have the same name. */
export function checkDistinctNames(left: Namespace, right: Namespace, position: number): void {
  for (const table of right.tables) {
    if (table.alias !== undefined && left.tables.some((other) => other.alias === table.alias)) {
      throw userError('42712', `table name "${table.alias}" specified more than once`, {
        position,
        hint: 'Give one of them another name with AS.',
      });
    }
  }
}

function labelOf(namespace: Namespace, found: ScopeColumn): string {
  const table = namespace.tables.find((candidate) => candidate.columns.some(({ column }) => column === found.column));
  return table?.alias === undefined ? found.name : `${table.alias}.${found.name}`;
}

/** A reference to a column that was found, which remembers where in the text it stands. */
export function reference(namespace: Namespace, found: ScopeColumn, position: number): ColumnExpression {
  const { id, type } = found.column;
  const expression: ColumnExpression = { kind: 'column', type, column: id };
  origins.set(expression, { position, namespace, found });
  return expression;
}

/** The one column of that name in a list; 42702 when there are several. */
export function findColumn(
  columns: readonly ScopeColumn[],
  name: string,
  position: number,
  what: string = 'column reference',
): ScopeColumn | undefined {
  let found: ScopeColumn | undefined;
  for (const candidate of columns) {
    if (candidate.name !== name) continue;
    if (found && found.column.id !== candidate.column.id) {
      throw userError('42702', `${what} "${name}" is ambiguous`, {
        position,
        hint: 'Write the table before the column: table.column.',
      });
    }
    found = candidate;
  }
  return found;
}

/** As `findColumn`, and where there is none of that name, the one that is spelled with capitals. */
export function findSpelled(
  columns: readonly ScopeColumn[],
  written: Identifier,
  position: number,
  what?: string,
): ScopeColumn | undefined {
  const found = findColumn(columns, written.name, position, what);
  if (found) return found;
  const names = columns.map((column) => column.name);
  const spelled = spelledName(names, written, position, what);
  return spelled === undefined ? undefined : findColumn(columns, spelled, position, what);
}

/**
 * The innermost query that knows a name under another spelling, and none knows it as it is written: neither as a column
 * nor as a table, whose name is its row.
 */
export function levelOfSpelling(scope: Scope, written: Identifier): Scope | undefined {
  let found: Scope | undefined;
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    const { visible, tables } = level.namespace;
    const isKnown = visible.some(({ name }) => name === written.name);
    if (isKnown || tables.some(({ alias }) => alias === written.name)) return undefined;
    if (!found && visible.some(({ name }) => isSpelling(written, name))) found = level;
  }
  return found;
}

/** Resolves `column` or `table.column` by PostgreSQL's rules: the innermost query that knows the name wins. */
export function resolveColumn(scope: Scope, parts: readonly Identifier[], position: number): ColumnExpression {
  const name = parts[parts.length - 1]!.name;
  if (parts.length === 1) {
    for (let level: Scope | undefined = scope; level; level = level.parent) {
      const found = findColumn(level.namespace.visible, name, position);
      if (found) return reference(level.namespace, found, position);
    }
    for (let level: Scope | undefined = scope; level; level = level.parent) {
      const value = level.namespace.tables.find((table) => table.alias === name)?.value;
      if (value) return reference(level.namespace, value, position);
    }
    const level = levelOfSpelling(scope, parts[0]!);
    if (level) return reference(level.namespace, findSpelled(level.namespace.visible, parts[0]!, position)!, position);
    throw unknownColumnError(scope, name, position);
  }
  const table = resolveTable(scope, parts.slice(0, -1), position);
  const found = findSpelled(table.columns, parts[parts.length - 1]!, position);
  if (found) return reference({ tables: [table], visible: [] }, found, position);
  throw userError('42703', `column ${table.alias}.${name} does not exist`, {
    position,
    hint: nearHint(
      name,
      table.columns.map((column) => ({ name: column.name, label: `${table.alias}.${column.name}` })),
    ),
  });
}

/** The FROM entry that a qualifier names; 42P01 when there is none. */
export function resolveTable(scope: Scope, qualifier: readonly Identifier[], position: number): ScopeTable {
  const alias = qualifier[qualifier.length - 1]!.name;
  let hidden: ScopeTable | undefined;
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    for (const table of level.namespace.tables) {
      if (table.alias === alias) return table;
      if (table.hiddenName === alias) hidden ??= table;
    }
  }
  if (hidden) {
    throw userError('42P01', `invalid reference to FROM-clause entry for table "${alias}"`, {
      position,
      hint: `Perhaps you meant to reference the table alias "${hidden.alias}".`,
    });
  }
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    if (!level.toTheLeft?.some((table) => table.alias === alias)) continue;
    throw userError('42P01', `invalid reference to FROM-clause entry for table "${alias}"`, {
      position,
      hint: 'To reference that table, you must mark this subquery with LATERAL.',
    });
  }
  throw userError('42P01', `missing FROM-clause entry for table "${alias}"`, {
    position,
    hint: 'Name the table in FROM, or use the alias it has there.',
  });
}

function unknownColumnError(scope: Scope, name: string, position: number): Error {
  const candidates: { name: string; label: string }[] = [];
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    for (const column of level.namespace.visible) {
      candidates.push({ name: column.name, label: labelOf(level.namespace, column) });
    }
  }
  return userError('42703', `column "${name}" does not exist`, { position, hint: nearHint(name, candidates) });
}

function nearHint(name: string, candidates: readonly { name: string; label: string }[]): string | undefined {
  const nearest = nearestName(
    name,
    candidates.map((candidate) => candidate.name),
  );
  const label = candidates.find((candidate) => candidate.name === nearest)?.label;
  return label === undefined ? undefined : `Perhaps you meant to reference the column "${label}".`;
}
