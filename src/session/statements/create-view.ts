import { userError } from '../../common/errors.js';
import type { CreateViewStatement, QualifiedName, Query } from '../../parser/index.js';
import { visitNodes } from '../../parser/index.js';
import type { StatementResult } from '../statement-result.js';
import { TEMPORARY_SCHEMA } from '../temporary-lake.js';
import { assertNamedOnce, tellIgnored, unlessExists } from './definition-statements.js';
import * as make from './make-syntax.js';
import { planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

export async function createView(context: StatementContext, statement: CreateViewStatement): Promise<StatementResult> {
  const { session } = context;
  const { position } = statement.query;
  const query = statement.recursive ? recursiveQuery(statement) : statement.query;
  const planned = await planQueryOf(context, query, []); // a view that cannot be read is an error now, not later
  if (statement.columns.length > planned.columns.length) {
    throw userError('42601', 'CREATE VIEW specifies more column names than columns', {
      position: statement.columns[planned.columns.length]!.position,
    });
  }
  const names = planned.columns.map(({ name: column }, index) => statement.columns[index]?.name ?? column);
  assertNamedOnce(names, position);
  const { sql, readsTemporary } = await qualifiedQuery(context, query);
  const shown = statement.name.parts.at(-1)!.name;
  if (readsTemporary && !statement.temporary) {
    session.notify({ severity: 'NOTICE', code: '00000', message: `view "${shown}" will be a temporary view` });
  }
  const address = await session.catalog.locateNew(statement.name, statement.temporary || readsTemporary);
  const definition = {
    sql: statement.recursive ? recursiveText(statement, sql) : sql,
    columnNames: statement.columns.length === 0 ? undefined : statement.columns.map((column) => column.name),
    comment: statement.comment?.value,
  };
  await unlessExists(context, statement.ifNotExists, address.name.name, () =>
    address.lake.createView(address.name, definition, { orReplace: statement.orReplace }),
  );
  tellIgnored(context, statement);
  return { kind: 'done', completion: { command: 'CREATE VIEW', rowCount: undefined } };
}

/** CREATE RECURSIVE VIEW v (a) AS query is a view of WITH RECURSIVE v (a) AS (query) SELECT a FROM v. */
function recursiveQuery({ name, columns, query }: CreateViewStatement): Query {
  const own = name.parts.at(-1)!;
  const { position, end } = query;
  const table = {
    kind: 'commonTableExpression',
    name: own,
    columns,
    materialized: undefined,
    query,
    position,
  } as const;
  const values = columns.map((column) => make.columnOf(own.name, column.name));
  const outer = make.query(values, [make.tableOf(make.qualifiedName([own.name]))], undefined);
  return {
    ...outer,
    with: { kind: 'with', recursive: true, tables: [table], modifications: [], position },
    position,
    end,
  };
}

function recursiveText({ name, columns }: CreateViewStatement, sql: string): string {
  const own = quoteIdentifier(name.parts.at(-1)!.name);
  const names = columns.map((column) => quoteIdentifier(column.name)).join(', ');
  return `WITH RECURSIVE ${own} (${names}) AS (${sql}) SELECT ${names} FROM ${own}`;
}

/**
 * The text of a view's query, with schemas before the names of tables: it goes on to mean the same tables when
 * `search_path` changes, and when a temporary table takes the name of one.
 */
async function qualifiedQuery(
  { session, sql, sqlOffset }: StatementContext,
  query: Query,
): Promise<{ readonly sql: string; readonly readsTemporary: boolean }> {
  const { tables, commonTables } = namesIn(query);
  let text = '';
  let copied = query.position - sqlOffset;
  let readsTemporary = false;
  for (const name of tables.toSorted((a, b) => a.position - b.position)) {
    if (name.parts.length === 1 && commonTables.has(name.parts[0]!.name)) continue;
    const { schema } = (await session.catalog.locate(name)).name;
    readsTemporary ||= schema === TEMPORARY_SCHEMA;
    if (name.parts.length > 1) continue;
    const at = name.position - sqlOffset;
    text += `${sql.slice(copied, at)}${quoteIdentifier(schema)}.`;
    copied = at;
  }
  return { sql: text + sql.slice(copied, query.end - sqlOffset), readsTemporary };
}

function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Names of tables in a query, wherever they stand, and those of its common table expressions. */
function namesIn(query: Query): { readonly tables: QualifiedName[]; readonly commonTables: ReadonlySet<string> } {
  const tables: QualifiedName[] = [];
  const commonTables = new Set<string>();
  visitNodes(query, (node) => {
    if (node.kind === 'table') tables.push(node.name);
    else if (node.kind === 'commonTableExpression') commonTables.add(node.name.name);
  });
  return { tables, commonTables };
}
