import { MillraceError, unreachable, userError } from '../../common/errors.js';
import { isAggregate, isBuiltInFunction, isUserFunction, setFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { BIGINT, INTEGER } from '../../types/sql-type.js';
import type { CatalogRelation, CatalogTable, CatalogViewDefinition } from '../catalog-view.js';
import type { Expression } from '../expression.js';
import { type FileRequest, pathRequest, requestKey } from '../file-request.js';
import type { LogicalNode, ProjectItem } from '../logical/logical-plan.js';
import { type BindContext, relationKey, unsupported } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { functionName } from './bind-function-call.js';
import { bindJoin } from './bind-join.js';
import { marked } from './bind-marked.js';
import { bindPivot } from './bind-pivot.js';
import { sampled } from './bind-sample.js';
import { bindRowsFrom, bindSetRelation, isLateral, unnestOver } from './bind-set-relation.js';
import { bindSqlTable, findSqlFunction } from './bind-sql-function.js';
import { bindUserTable } from './bind-user-table.js';
import { coerce } from './coerce.js';
import { FILE_FUNCTIONS, fileRequestOf } from './file-function.js';
import { foldIfConstant } from './fold.js';
import {
  type BoundRelation,
  checkDistinctNames,
  EMPTY_NAMESPACE,
  joinNamespaces,
  type Namespace,
  type Scope,
} from './scope.js';
import { castInZone } from './session-zone.js';
import { isSetFunction } from './set-functions.js';
import { respelledRelation } from './spark-table-functions.js';
import { expressionOf } from './spelled-call.js';
import { unknownRelationError } from './unknown-relation.js';

/** A FROM clause, or a part of one: its plan, and the names it makes. */
export interface BoundFrom {
  readonly plan: LogicalNode;
  readonly namespace: Namespace;
}

/** The entries of FROM, joined without condition; LATERAL ones see those before them. */
export function bindFromClause(relations: readonly Ast.Relation[], scope: Scope, context: BindContext): BoundFrom {
  let left: BoundFrom | undefined;
  for (const relation of relations) {
    const right = bindRelation(relation, scope, left?.namespace ?? EMPTY_NAMESPACE, context);
    if (!left) {
      left = right;
      continue;
    }
    checkDistinctNames(left.namespace, right.namespace, relation.position);
    const sides = { left: left.plan, right: right.plan, conditions: [] };
    left = {
      plan:
        unnestOver(left.plan, right.plan, 'inner', []) ??
        (isLateral(relation, right.plan, left.plan)
          ? { kind: 'apply', joinKind: 'inner', ...sides }
          : { kind: 'join', joinKind: 'inner', ...sides }),
      namespace: joinNamespaces(left.namespace, right.namespace),
    };
  }
  return left!;
}

/** `lateral` holds the names that stand to the left, for LATERAL subqueries. */
export function bindRelation(
  relation: Ast.Relation,
  scope: Scope,
  lateral: Namespace,
  context: BindContext,
): BoundFrom {
  switch (relation.kind) {
    case 'table':
      return bindTable(relation, scope, context);
    case 'file': {
      const bound = bindFiles(pathRequest(relation.path.value), relation.position, context);
      return named(bound, relation.alias, fileStem(relation.path.value), relation.position);
    }
    case 'subquery': {
      const inner = relation.lateral
        ? { ...scope, namespace: lateral, parent: scope }
        : { ...scope, toTheLeft: lateral.tables };
      const bound = context.bindQuery(relation.query, inner);
      return named({ ...bound, hidden: relation.hidden }, relation.alias, undefined, relation.position);
    }
    case 'function':
      return bindTableFunction(relation, scope, lateral, context);
    case 'rowsFrom': {
      for (const { call, columnDefinitions } of relation.functions) {
        checkInRowsFrom(call, columnDefinitions, context);
      }
      return named(bindRowsFrom(relation, scope, lateral, context), relation.alias, undefined, relation.position);
    }
    case 'join': {
      const bound = bindJoin(relation, scope, lateral, context, bindRelation);
      if (!relation.alias) return bound;
      const { visible, tables } = bound.namespace;
      const joined = {
        plan: bound.plan,
        columns: visible,
        isWorkingTable: tables.some((table) => table.isWorkingTable),
      };
      return named(joined, relation.alias, undefined, relation.position);
    }
    case 'pivot':
    case 'unpivot': {
      const { plan, namespace } = bindRelation(relation.relation, scope, lateral, context);
      const bound = bindPivot(relation, { plan, columns: namespace.visible }, scope, context);
      return named(bound, relation.alias, undefined, relation.position);
    }
    case 'sample': {
      const bound = bindRelation(relation.relation, scope, lateral, context);
      return { ...bound, plan: sampled(bound.plan, relation, context) };
    }
    case 'marked':
      return marked(bindRelation(relation.relation, scope, lateral, context), relation, scope, context);
    default:
      return unreachable(relation, 'relation');
  }
}

function named(
  bound: BoundRelation,
  alias: Ast.TableAlias | undefined,
  ownName: string | undefined,
  position: number,
): BoundFrom {
  const given = alias?.columns ?? [];
  if (given.length > bound.columns.length) {
    const message = `table "${alias!.name.name}" has ${bound.columns.length} columns available but ${given.length} columns specified`;
    throw userError('42P10', message, { position, hint: 'Leave out the names that are too many.' });
  }
  const columns = bound.columns.map((column, i) => ({ ...column, name: given[i]?.name ?? column.name }));
  const name = alias?.name.name ?? ownName;
  const { key, value, isWorkingTable, hidden } = bound;
  const hiddenName = alias ? ownName : undefined;
  const table = { alias: name, hiddenName, columns, key, value, isWorkingTable, hidden };
  return { plan: bound.plan, namespace: { tables: [table], visible: columns } };
}

/** A function in FROM: where it has one column, its name stands for the value. */
function asValue({ plan, namespace }: BoundFrom): BoundFrom {
  const tables = namespace.tables.map((table) => ({ ...table, isValue: table.columns.length === 1 }));
  return { plan, namespace: { ...namespace, tables } };
}

function fileStem(path: string): string {
  const file = path.split('/').pop() ?? path;
  return file.replace(/\.[^.]*$/, '') || file;
}

function bindTable(relation: Ast.TableRelation, scope: Scope, context: BindContext): BoundFrom {
  const { parts } = relation.name;
  const name = parts[parts.length - 1]!.name;
  const commonTable = parts.length === 1 ? scope.commonTables.get(name) : undefined;
  if (commonTable) return named(commonTable.bind(), relation.alias, name, relation.position);
  const found = context.relations.get(relationKey(parts));
  if (!found) throw unknownRelationError(parts, relation.position, scope, context);
  return named(bindCatalogRelation(found, relation.position, context), relation.alias, name, relation.position);
}

function bindCatalogRelation(found: CatalogRelation, position: number, context: BindContext): BoundRelation {
  return found.kind === 'view' ? bindView(found, position, context) : bindScan(found, context);
}

function bindScan(table: CatalogTable, context: BindContext): BoundRelation {
  const columns = table.columns.map((column) => context.ids.column(column.name, column.type, column.nullable));
  const zone = table.textFormat && context.timeZone;
  const scan: LogicalNode = { kind: 'scan', table, alias: table.name, columns, filters: [], zone };
  const { castTypes, primaryKey } = table;
  if (castTypes === undefined || castTypes.size === 0) {
    const key = primaryKey?.map((name) => columns.find((column) => column.name === name)!.id);
    return { plan: scan, columns: columns.map((column) => ({ name: column.name, column })), key };
  }
  const items = columns.map((column): ProjectItem => {
    const input: Expression = { kind: 'column', type: column.type, column: column.id };
    const type = castTypes.get(column.name);
    if (type === undefined) return { column, expression: input };
    return {
      column: context.ids.column(column.name, type, column.nullable),
      expression: castInZone(context, input, type),
    };
  });
  return {
    plan: { kind: 'project', input: scan, items },
    columns: items.map(({ column }) => ({ name: column.name, column })),
  };
}

function bindView(view: CatalogViewDefinition, position: number, context: BindContext): BoundRelation {
  if (context.openViews.includes(view.name)) {
    throw userError('42P17', `infinite recursion detected in view "${view.name}"`, { position });
  }
  context.openViews.push(view.name);
  try {
    const bound = context.bindQuery(view.query, {
      namespace: EMPTY_NAMESPACE,
      parent: undefined,
      commonTables: new Map(),
    });
    const names = view.columnNames;
    return names
      ? { ...bound, columns: bound.columns.map((column, i) => ({ ...column, name: names[i] ?? column.name })) }
      : bound;
  } catch (thrown) {
    // Its position counts in the view's text, not in this query's.
    if (!(thrown instanceof MillraceError)) throw thrown;
    const { kind, code, message, detail, hint } = thrown;
    throw new MillraceError(kind, code, message, {
      detail: detail ?? `In the query of view "${view.name}".`,
      hint,
      position,
      cause: thrown,
    });
  } finally {
    context.openViews.pop();
  }
}

function bindFiles(request: FileRequest, position: number, context: BindContext): BoundRelation {
  const table = context.files.get(requestKey(request));
  if (table) return bindScan(table, context);
  throw userError('58P01', `no file matches '${request.paths.join("', '")}'`, {
    position,
    hint: 'Paths are relative to the folder in which Millrace was started; a pattern may use *, ** and ?.',
  });
}

function bindTableFunction(
  relation: Ast.FunctionRelation,
  scope: Scope,
  lateral: Namespace,
  context: BindContext,
): BoundFrom {
  const { call, position } = relation;
  const name = functionName(call);
  checkColumnDefinitions(relation, name);
  if (relation.columnDefinitions.length > 0 && relation.withOrdinality) {
    throw userError('42601', 'WITH ORDINALITY cannot be used with a column definition list', {
      position,
      hint: `Write ROWS FROM (${name}(…) AS (a integer, b text)) WITH ORDINALITY.`,
    });
  }
  const request = fileRequestOf(call);
  if (request !== undefined) return named(bindFiles(request, position, context), relation.alias, name, position);
  const inSql = findSqlFunction(call, context);
  if (inSql) {
    if (relation.withOrdinality) throw unsupported('WITH ORDINALITY', position);
    const inner = { ...scope, namespace: lateral, parent: scope };
    return named(
      bindSqlTable(inSql, call, inner, context, bindExpression, relation.alias?.name.name),
      relation.alias,
      name,
      position,
    );
  }
  if (name === 'range') return bindTableFunction(seriesOfRange(relation), scope, lateral, context);
  const series = relation.withOrdinality ? undefined : bindGenerateSeries(relation, scope, lateral, context);
  if (series) return asValue(named(series, relation.alias, name, position));
  if (isSetFunction(name)) {
    return asValue(named(bindSetRelation(relation, scope, lateral, context), relation.alias, name, position));
  }
  if (isUserFunction(name, 'table', context.userFunctions)) {
    return named(bindUserTable(relation, scope, lateral, context), relation.alias, name, position);
  }
  const respelled = respelledRelation(relation);
  if (respelled) return bindTableFunction(respelled, scope, lateral, context);
  if (isScalar(name, context)) {
    return asValue(named(bindSetRelation(relation, scope, lateral, context), relation.alias, name, position));
  }
  throw noTableFunctionError(call, context);
}

function noTableFunctionError({ name: { parts }, position }: Ast.FunctionCall, context: BindContext): MillraceError {
  const name = parts.at(-1)!.name;
  if (isAggregate(name, context.userFunctions)) {
    return userError('42803', 'aggregate functions are not allowed in functions in FROM', { position });
  }
  return userError('42883', `table function ${name} does not exist`, {
    position,
    hint: `Table functions are unnest, generate_series, generate_subscripts, string_to_table, jsonb_array_elements, jsonb_each, ${FILE_FUNCTIONS.join(', ')}.`,
  });
}

function isScalar(name: string, { userFunctions }: BindContext): boolean {
  if (name === 'coalesce' || name === 'nullif' || isUserFunction(name, 'scalar', userFunctions)) return true;
  return isBuiltInFunction(name) && !isAggregate(name, userFunctions);
}

/** Fails for what gives no array of rows. */
function checkInRowsFrom(
  call: Ast.FunctionCall,
  columnDefinitions: readonly Ast.FunctionColumn[],
  context: BindContext,
): void {
  const name = functionName(call);
  checkColumnDefinitions({ columnDefinitions, position: call.position }, name);
  const givesTable =
    findSqlFunction(call, context) !== undefined ||
    fileRequestOf(call) !== undefined ||
    isUserFunction(name, 'table', context.userFunctions);
  if (!givesTable && (isSetFunction(name) || isScalar(name, context))) return;
  if (!givesTable) throw noTableFunctionError(call, context);
  throw unsupported(
    `${name} in ROWS FROM`,
    call.position,
    'Give its rows numbers with row_number(), and join by them.',
  );
}

/** Spark's and DuckDB's range: without its end, and of a column `id`. */
function seriesOfRange(relation: Ast.FunctionRelation): Ast.FunctionRelation {
  const { call, alias, position } = relation;
  const sql = [
    'generate_series(0, $1 - 1)',
    'generate_series($1, $2 - 1)',
    'generate_series($1, $2 - sign($3)::bigint, $3)',
  ];
  const template = sql[call.args.length - 1];
  if (template === undefined) {
    throw userError('42883', `function range with ${call.args.length} arguments does not exist`, {
      position,
      hint: 'Write range(stop), range(start, stop) or range(start, stop, step).',
    });
  }
  const series = expressionOf(
    template,
    call.args.map(({ value }) => value),
    call.position,
  ) as Ast.FunctionCall;
  const identifier = (name: string): Ast.Identifier => ({ kind: 'identifier', name, quoted: true, position });
  const columns = alias && alias.columns.length > 0 ? alias.columns : [identifier('id')];
  const name = alias?.name ?? identifier('range');
  return { ...relation, call: series, alias: { kind: 'tableAlias', name, columns, position } };
}

/** They say what records consist of, and only that. */
function checkColumnDefinitions(
  { columnDefinitions, position }: Pick<Ast.FunctionRelation, 'columnDefinitions' | 'position'>,
  name: string,
): void {
  const needed = setFunction(name)?.rows !== undefined;
  if (needed && columnDefinitions.length === 0) {
    throw userError('42601', 'a column definition list is required for functions returning "record"', {
      position,
      hint: `Write ${name}(…) AS t (a integer, b text).`,
    });
  }
  if (!needed && columnDefinitions.length > 0) {
    const known = setFunction(name)?.columns !== undefined;
    const message = known
      ? 'a column definition list is redundant for a function with OUT parameters'
      : 'a column definition list is only allowed for functions returning "record"';
    throw userError('42601', message, {
      position: columnDefinitions[0]!.position,
      hint: 'Leave the types out.',
    });
  }
}

/** A series of integers whose bounds are known is made without an array. */
function bindGenerateSeries(
  { call, alias }: Ast.FunctionRelation,
  scope: Scope,
  lateral: Namespace,
  context: BindContext,
): BoundRelation | undefined {
  const name = functionName(call);
  if (name !== 'generate_series' || call.args.length < 2 || call.args.length > 3) return undefined;
  const inner = { ...scope, namespace: lateral, parent: scope };
  const args = call.args.map(({ value }) =>
    bindExpression(value, { context, scope: inner, clause: 'functions in FROM', subqueries: undefined }),
  );
  if (!args.every((arg) => ['smallint', 'integer', 'bigint', 'unknown'].includes(arg.type.kind))) return undefined;
  const type = args.some((arg) => arg.type.kind === 'bigint') ? BIGINT : INTEGER;
  const folded = args.map((arg, i) => {
    const { position } = call.args[i]!;
    return foldIfConstant(context, coerce(context, arg, type, position), position);
  });
  if (!folded.every((arg) => arg.kind === 'constant' || arg.kind === 'parameter')) return undefined;
  const [start, stop, step] = folded;
  const columnName = alias?.name.name ?? name;
  const column = context.ids.column(columnName, type, false);
  const one = { kind: 'constant', type, value: type.kind === 'bigint' ? 1n : 1 } as const;
  const plan: LogicalNode = { kind: 'generateSeries', column, start: start!, stop: stop!, step: step ?? one };
  return { plan, columns: [{ name: columnName, column }] };
}
