import { notSupportedError } from '../common/errors.js';
import type { SqlToken } from './tokens/sql-token.js';

const nothingToGuard = 'Access is decided by who can read the files and reach the server.';

/** Statements of PostgreSQL that Millrace has not, by their first words, and what to do instead. */
const unsupported: Readonly<Record<string, string>> = {
  'alter view': 'Replace the view with CREATE OR REPLACE VIEW.',
  'alter schema': 'Create a schema of the new name, and its tables with CREATE TABLE … AS.',
  grant: nothingToGuard,
  revoke: nothingToGuard,
  vacuum: 'There is nothing to clean up: an overwrite replaces whole files.',
  cluster: 'Add ORDER BY to the INSERT that writes the table.',
  reindex: 'There are no indexes.',
  comment: 'Comments are kept of tables, views and columns.',
  lock: 'Writers are kept apart by the commit itself.',
  pivot: 'Write FROM t PIVOT (sum(x) FOR c IN (1, 2)): the columns of a query must be known before it runs.',
  unpivot: 'Write FROM t UNPIVOT (value FOR name IN (a, b)).',
  msck: 'There is nothing to repair: the folders of a table are listed anew by every statement.',
  cache: 'Files that are read again come from the memory of the system.',
  uncache: 'Files that are read again come from the memory of the system.',
  refresh: 'There is nothing to refresh: the files of a table are listed anew by every statement.',
  pragma: 'Use SET and SHOW for settings, DESCRIBE for tables.',
  attach:
    'A lake is opened when the program starts: --lake, or Millrace.open({ lake }). Files elsewhere are read by their path.',
  install: 'There are no extensions.',
  load: 'There are no extensions; files are read by read_parquet, read_csv and read_json.',
  export: 'A table is a folder of Parquet files: copy the folder, or COPY (SELECT …) TO a file.',
  import: 'Put the folder of Parquet files into the lake: it is a table then.',
  'create external': "Put the files into a folder of the lake, or read them by their path: FROM 'folder/*.parquet'.",
  'set role': nothingToGuard,
  call: 'There are no procedures.',
  do: 'There is no procedural language.',
  checkpoint: 'Every commit is durable.',
  'create index': 'Partition the table, or sort it with ORDER BY in the INSERT that writes it.',
  'create unique': 'Partition the table, or sort it with ORDER BY in the INSERT that writes it.',
  'create sequence': 'Use row_number() in the query that writes the rows.',
  'create type': 'Use one of the built-in types.',
  'create database': 'Create a schema, or open another lake.',
  'create role': nothingToGuard,
  'create user': nothingToGuard,
  'create trigger': 'Run a script after the one that writes the table.',
  'create materialized': 'Use CREATE TABLE … AS, and INSERT OVERWRITE to refresh it.',
  'create extension': 'There are no extensions.',
  'drop index': 'There are no indexes.',
  'drop database': 'Drop a schema, or delete the lake’s folder.',
};

const noForeignKeys = 'Leave it out: files of several writers cannot be held to the rows of another table.';

/** Clauses that PostgreSQL has and Millrace has not: the statement's first word, the clause's words, what to do instead. */
const unsupportedClauses: readonly (readonly [statement: string, words: readonly string[], hint: string])[] = [
  ['update', ['=', '(', 'select'], 'Write SET a = (SELECT …), b = (SELECT …), or UPDATE … FROM (SELECT …) AS s.'],
  ['insert', ['on', 'conflict'], 'Tables have no unique keys: INSERT OVERWRITE the rows that are to stay.'],
  ['create', ['location'], 'A table lies in the folder of its name; files elsewhere are read by their path.'],
  ['create', ['(', 'like'], 'Write CREATE TABLE new AS SELECT * FROM old WITH NO DATA.'],
  ['select', ['into'], 'Write CREATE TABLE t AS SELECT …'],
  ['create', ['references'], noForeignKeys],
  ['create', ['foreign', 'key'], noForeignKeys],
  ['create', ['generated'], 'Compute the column in the query that writes the rows, or in a view.'],
  ['alter', ['foreign', 'key'], noForeignKeys],
  ['alter', ['references'], noForeignKeys],
  ['alter', ['owner', 'to'], nothingToGuard],
  ['create', ['on', 'commit'], 'Temporary tables stay until the session ends: DROP or TRUNCATE them.'],
];

function rejectUnsupportedClause(tokens: readonly SqlToken[]): void {
  for (const [statement, words, hint] of unsupportedClauses) {
    if (tokens[0]?.text !== statement) continue;
    const at = tokens.findIndex((_, start) => words.every((word, index) => tokens[start + index]?.text === word));
    if (at < 0) continue;
    const clause = words.join(' ').toUpperCase();
    throw notSupportedError(`${clause} is not supported`, { position: tokens[at]!.startOffset, hint });
  }
}

/** Throws 0A000 for a statement that PostgreSQL has and Millrace has not: better than a syntax error. */
export function rejectUnsupportedStatement(tokens: readonly SqlToken[]): void {
  const [first, second, third, fourth] = tokens;
  if (first === undefined) return;
  rejectUnsupportedClause(tokens);
  const word = second?.text === 'or' && third?.text === 'replace' ? fourth?.text : second?.text;
  for (const words of [first.text, `${first.text} ${word}`]) {
    const hint = Object.hasOwn(unsupported, words) ? unsupported[words] : undefined;
    if (hint === undefined) continue;
    throw notSupportedError(`${words.toUpperCase()} is not supported`, { position: first.startOffset, hint });
  }
}
