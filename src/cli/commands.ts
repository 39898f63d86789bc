import type { CommandDeclaration, OptionDeclaration } from './command.js';

const engineOptions: readonly OptionDeclaration[] = [
  { name: 'lake', value: 'PATH', doc: 'the lake; $MILLRACE_LAKE or the current folder by default' },
  { name: 'threads', value: 'N', doc: 'worker threads; one a core by default' },
  {
    name: 'memory-limit',
    value: 'SIZE',
    doc: 'memory for data, like 2GB; half of the machine by default, at most 4GB',
  },
  {
    name: 'spill-directory',
    value: 'PATH',
    doc: "where queries put what does not fit the memory; the system's temporary folder by default",
  },
  {
    name: 'cache-limit',
    value: 'SIZE',
    doc: 'part of the memory that keeps columns of files for later queries; a quarter of it by default, 0 for none',
  },
  { name: 'spill-limit', value: 'SIZE', doc: 'disk they may use for it, like 50GB; most of what is free by default' },
];
const variables: OptionDeclaration = {
  name: 'var',
  short: 'v',
  value: 'NAME=VALUE',
  multiple: true,
  doc: 'sets a variable: :\'name\' is a quoted literal, :"name" an identifier, :name raw',
};
const plan: OptionDeclaration = {
  name: 'plan',
  value: 'FILE',
  doc: 'draws how the query ran, with rows and times: FILE.svg; or as text, .json or .txt. Further ones are FILE-2 …',
};
const help: OptionDeclaration = { name: 'help', short: 'h', doc: 'shows this' };

export const COMMANDS: readonly CommandDeclaration[] = [
  {
    name: 'query',
    usage: '"SQL" | -f FILE',
    doc: 'Runs SQL and prints the rows.',
    options: [
      { name: 'file', short: 'f', value: 'FILE', doc: 'reads the SQL from a file; - is standard input' },
      { name: 'format', value: 'FORMAT', doc: 'table (default), csv, json, jsonl, arrow or parquet' },
      { name: 'output', short: 'o', value: 'FILE', doc: 'writes the rows to a file' },
      plan,
      variables,
      ...engineOptions,
      help,
    ],
    examples: [
      `millrace query "select origin, count(*) from 'flights.parquet' group by 1"`,
      'millrace query -f report.sql --format csv -o report.csv --lake ./lake',
      'millrace query -f report.sql --plan report.svg',
    ],
    load: async () => (await import('./query-command.js')).runQueryCommand,
  },
  {
    name: 'run',
    usage: 'SCRIPT.sql',
    doc: 'Runs the statements of a script in order, each committed when it ends. Stops at the first error.',
    options: [plan, variables, ...engineOptions, help],
    examples: ['millrace run daily.sql --var ds=2026-03-22 --lake ./lake'],
    load: async () => (await import('./run-command.js')).runRunCommand,
  },
  {
    name: 'serve',
    usage: '',
    doc: 'Serves the lake to Postgres clients: psql, drivers, BI tools.',
    options: [
      { name: 'host', value: 'HOST', doc: '127.0.0.1 by default; beyond loopback a password is needed' },
      { name: 'port', short: 'p', value: 'PORT', doc: '5433 by default; 0 takes a free one' },
      { name: 'password-file', value: 'FILE', doc: 'the password of all clients; or $MILLRACE_PASSWORD' },
      ...engineOptions,
      help,
    ],
    examples: ['millrace serve --lake ./lake', 'psql -h 127.0.0.1 -p 5433'],
    load: async () => (await import('./serve-command.js')).runServeCommand,
  },
];
