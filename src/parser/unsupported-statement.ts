import { notSupportedError } from '../common/errors.js';
import type { SqlToken } from './tokens/sql-token.js';

/** Where a database would count. */
export const NUMBER_ROWS =
  'Number the rows where they are written: (SELECT max(id) FROM t) + row_number() OVER (), or give them gen_random_uuid().';
const nothingToGuard = 'Access is decided by who can read the files and reach the server.';

/** Statements of PostgreSQL that Millrace has not, by their first words, and what to do instead. */
const unsupported: Readonly<Record<string, string>> = {
  'alter view': 'Replace the view with CREATE OR REPLACE VIEW.',
  'alter schema': 'Create a schema of the new name, and its tables with CREATE TABLE … AS.',
  comment: 'Comments are kept of tables, views and columns.',
  lock: 'Writers are kept apart by the commit itself.',
  pivot: 'Write FROM t PIVOT (sum(x) FOR c IN (1, 2)): the columns of a query must be known before it runs.',
  unpivot: 'Write FROM t UNPIVOT (value FOR name IN (a, b)).',
  msck: 'There is nothing to repair: the folders of a table are listed anew by every statement.',
  cache: 'Write CREATE TEMPORARY TABLE … AS, or a view.',
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
  'create sequence': NUMBER_ROWS,
  'alter sequence': NUMBER_ROWS,
  'drop sequence': 'There are no sequences.',
  'create type': 'In the place of an enum write text with CHECK (c IN (…)); of a row, struct(a integer, b text).',
  'alter type': 'There are no types of one’s own.',
  'drop type': 'There are no types of one’s own.',
  'create domain': 'Write the type below it, and CHECK (…) in the tables that would use it.',
  'drop domain': 'There are no domains.',
  'create aggregate': 'Register a function from JavaScript, or write the query out.',
  'create operator': 'Write a function in SQL.',
  'create cast': 'Write a function in SQL, and call it.',
  'create foreign': 'Files elsewhere are read by their path; other databases are not read.',
  'create collation': 'Text compares by its bytes, as with the collation "C".',
  'create statistics': 'ANALYZE gathers what there is.',
  'create publication': 'Copy the folder of the table.',
  'create tablespace': 'A lake is one folder.',
  'alter database': 'SET changes settings of the session.',
  'alter index': 'There are no indexes.',
  'drop rule': 'There are no rules.',
  'drop trigger': 'There are no triggers.',
  'drop aggregate': 'Aggregates are built in, or registered from JavaScript.',
  'drop extension': 'There are no extensions.',
  'drop role': nothingToGuard,
  'create procedure': 'Write a script, for millrace run; or a function in SQL.',
  'create rule': 'Write a view, and change the tables that it reads.',
  'create policy': nothingToGuard,
  'create database': 'Create a schema, or open another lake.',
  'create role': nothingToGuard,
  'create user': nothingToGuard,
  'create trigger': 'Run a script after the one that writes the table.',
  'create materialized': 'Use CREATE TABLE … AS, and INSERT OVERWRITE to refresh it.',
  'create extension': 'There are no extensions.',
  'drop database': 'Drop a schema, or delete the lake’s folder.',
};

const noForeignKeys = 'Leave it out: files of several writers cannot be held to the rows of another table.';

/** Clauses that PostgreSQL has and Millrace has not: the statement's first word, the clause's words, what to do instead. */
const unsupportedClauses: readonly (readonly [statement: string, words: readonly string[], hint: string])[] = [
  ['with', ['on', 'conflict'], 'Tables have no unique keys: MERGE, or INSERT OVERWRITE the rows that are to stay.'],
  ['insert', ['on', 'conflict'], 'Tables have no unique keys: INSERT OVERWRITE the rows that are to stay.'],
  ['create', ['location'], 'A table lies in the folder of its name; files elsewhere are read by their path.'],
  ['create', ['partition', 'by'], 'Write PARTITIONED BY (column): a folder for each of its values.'],
  ['create', ['inherits'], 'Write CREATE TABLE new (LIKE old, …), and a view of both by UNION ALL.'],
  ['create', ['references'], noForeignKeys],
  ['create', ['foreign', 'key'], noForeignKeys],
  ['alter', ['foreign', 'key'], noForeignKeys],
  ['alter', ['references'], noForeignKeys],
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
