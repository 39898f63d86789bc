import type {
  ColumnDefinition,
  IdentityDefinition,
  KeyDefinition,
  TableDefinition,
  ViewDefinition,
} from '../../catalog/table-definition.js';
import { definitionOfTable } from '../../catalog/table-definition-of.js';
import type { QualifiedName } from '../../parser/index.js';
import { formatType } from '../../types/sql-type.js';
import type { StatementContext } from './statement-context.js';

/** The statements that make a table or view again: CREATE, and COMMENT ON where there are comments. */
export async function createStatementOf({ session }: StatementContext, name: QualifiedName): Promise<string> {
  const { catalog } = session;
  const address = await catalog.locate(name);
  const relation = await catalog.get(address);
  const { schema, name: own } = address.name;
  const shown = schema === 'public' ? quoted(own) : `${quoted(schema)}.${quoted(own)}`;
  return relation.kind === 'view'
    ? viewText(shown, relation.definition)
    : tableText(shown, definitionOfTable(relation));
}

function viewText(name: string, { sql, columnNames, comment }: ViewDefinition): string {
  const columns = columnNames === undefined ? '' : ` (${columnNames.map(quoted).join(', ')})`;
  return [`CREATE VIEW ${name}${columns} AS\n${sql};`, ...commentText('VIEW', name, comment)].join('\n');
}

function tableText(
  name: string,
  { columns, partitionColumns, options, comment, checks = [], primaryKey }: TableDefinition,
): string {
  const lines = [
    ...columns.map(columnText),
    ...(primaryKey === undefined ? [] : [keyText(primaryKey)]),
    ...checks.map(({ name: own, expression }) => `CONSTRAINT ${quoted(own)} CHECK (${expression})`),
  ];
  const partitions =
    partitionColumns.length === 0 ? '' : `\nPARTITIONED BY (${partitionColumns.map(quoted).join(', ')})`;
  const settings = Object.entries(options).map(([option, value]) => `${option} = ${literal(value)}`);
  const withClause = settings.length === 0 ? '' : `\nWITH (${settings.join(', ')})`;
  return [
    `CREATE TABLE ${name} (\n  ${lines.join(',\n  ')}\n)${partitions}${withClause};`,
    ...commentText('TABLE', name, comment),
    ...columns.flatMap((column) => commentText('COLUMN', `${name}.${quoted(column.name)}`, column.comment)),
  ].join('\n');
}

function columnText(column: ColumnDefinition): string {
  const { name, type, nullable, timePrecision, default: value, generated, identity } = column;
  const digits = timePrecision === undefined ? '' : `(${timePrecision})`;
  const typeText = formatType(type).replace(/^\w+/, (word) => `${word}${digits}`);
  const clauses = [
    nullable ? '' : ' NOT NULL',
    value === undefined ? '' : ` DEFAULT ${value}`,
    generated === undefined ? '' : ` GENERATED ALWAYS AS (${generated}) STORED`,
    identity === undefined ? '' : identityText(identity),
  ];
  return `${quoted(name)} ${typeText}${clauses.join('')}`;
}

function keyText({ name, columns }: KeyDefinition): string {
  return `CONSTRAINT ${quoted(name)} PRIMARY KEY (${columns.map(quoted).join(', ')})`;
}

/** As PostgreSQL's dumps have it, with all that it is. */
function identityText({ always, start, increment, least, greatest }: IdentityDefinition): string {
  const numbers = `START WITH ${start} INCREMENT BY ${increment} MINVALUE ${least} MAXVALUE ${greatest}`;
  return ` GENERATED ${always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY (${numbers})`;
}

function commentText(target: string, name: string, comment: string | undefined): string[] {
  return comment === undefined ? [] : [`COMMENT ON ${target} ${name} IS ${literal(comment)};`];
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
