import type { ColumnDefinition } from '../../catalog/table-definition.js';
import { MillraceError, notSupportedError, userError } from '../../common/errors.js';
import type { CopyStatement, CopyTable, InsertStatement } from '../../parser/index.js';
import { parseStatement } from '../../parser/index.js';
import type { StatementResult } from '../statement-result.js';
import type { CopyOptions } from './copy-options.js';
import { keptBy, readAs } from './copy-where.js';
import { givenColumns } from './generated-columns.js';
import { insert } from './insert-statement.js';
import * as make from './make-syntax.js';
import { getTable } from './relation-names.js';
import type { StatementContext } from './statement-context.js';
import { withoutPositions } from './without-positions.js';

/** COPY FROM is the INSERT of what `read_csv` and its kin make of the file, or of what the client has sent. */
export async function copyFrom(
  context: StatementContext,
  statement: CopyStatement,
  options: CopyOptions,
): Promise<StatementResult> {
  const { target, position } = statement;
  const source = statement.source as CopyTable;
  if (target.kind === 'copyStream' && context.copyInput === undefined) {
    throw notSupportedError('COPY FROM STDIN needs a client of the Postgres protocol', {
      position,
      hint: 'Copy from a file.',
    });
  }
  if (target.kind === 'copyStream' && options.format === 'parquet') {
    throw notSupportedError('Parquet files are not read from the client', { position, hint: 'Copy from a file.' });
  }
  const path = target.kind === 'copyStream' ? context.copyInput!.path : target.value;
  const table = await getTable(context, source.name, 'insert into');
  const columns =
    source.columns.length === 0
      ? givenColumns(table)
      : source.columns.map(({ name, position }) => {
          const column = table.columns.find((candidate) => candidate.name === name);
          if (column !== undefined) return column;
          const relation = table.displayName.slice(table.displayName.lastIndexOf('.') + 1);
          throw userError('42703', `column "${name}" of relation "${relation}" does not exist`, { position });
        });
  const read = parseStatement(`select * from ${readerOf(path, options, columns)}`);
  if (read.kind !== 'queryStatement') throw new TypeError('a SELECT is a query');
  const copied = { query: read.query, columns };
  const { where } = statement;
  const shown = { name: source.name.parts.at(-1)!.name, columns: table.columns };
  const kept = where === undefined ? copied : keptBy(context, where, copied, shown);
  const statementOfRows: InsertStatement = {
    kind: 'insert',
    with: undefined,
    overwrite: false,
    table: source.name,
    alias: undefined,
    partition: undefined,
    columns: kept.columns.map(({ name }) => make.identifier(name)),
    byName: false,
    // As in PostgreSQL, a file says what identity columns are.
    overriding: 'system',
    returning: undefined,
    source: kept.query,
    onConflict: undefined,
    position,
    end: statement.end,
  };
  const result = await withoutPositions(() => insert(context, statementOfRows, [], 'COPY'));
  return result.kind === 'write' ? { ...result, explain: (error) => explain(error, path, target) } : result;
}

/** The client knows nothing of the file that its data waited in; and COPY has no types to change. */
function explain(error: unknown, path: string, target: CopyStatement['target']): unknown {
  if (!(error instanceof MillraceError) || error.detail === undefined || !error.detail.includes(path)) return error;
  const { kind, code, message, detail } = error;
  return new MillraceError(kind, code, message, {
    detail: target.kind === 'copyStream' ? detail.replaceAll(`File "${path}"`, 'STDIN') : detail,
    hint: 'Correct the line, or leave such lines out: INSERT … SELECT * FROM read_csv(…, ignore_errors => true).',
    cause: error,
  });
}

function readerOf(path: string, options: CopyOptions, columns: readonly ColumnDefinition[]): string {
  const { format } = options;
  if (format === 'parquet') return `read_parquet(${literal(path)})`;
  const list = columns.map(({ name, type }) => `"${name.replaceAll('"', '""')}" ${readAs(type)}`).join(', ');
  if (format === 'json') return `read_json(${literal(path)}, columns => ${literal(list)})`;
  const isText = format === 'text';
  const told = [
    `columns => ${literal(list)}`,
    `delim => ${literal(options.delimiter)}`,
    `quote => ${literal(isText ? '' : options.quote)}`,
    `escape => ${literal(isText ? '' : options.escapeCharacter)}`,
    `nullstr => ${literal(options.nullText)}`,
    `header => ${options.header !== false}`,
    `match_header => ${options.header === 'match'}`,
    `backslashes => ${isText}`,
    'blank_lines => true',
    'quoted_nulls => false',
    'hive_partitioning => false',
  ];
  return `read_csv(${literal(path)}, ${told.join(', ')})`;
}

function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? `E${quoted}` : quoted;
}
