import type { IdleStatement } from './ast/definition-statement.js';
import type { SqlToken } from './tokens/sql-token.js';

type Idle = Pick<IdleStatement, 'command' | 'severity' | 'message' | 'hint'>;

const privileges = {
  severity: 'WARNING',
  message: 'privileges are not kept',
  hint: 'Access is decided by who can read the files and reach the server.',
} as const;

/** By their first word: statements whose purpose is served without them, or that only others could be served by. */
const idle: ReadonlyMap<string, Idle> = new Map([
  ['grant', { command: 'GRANT', ...privileges }],
  ['revoke', { command: 'REVOKE', ...privileges }],
  [
    'vacuum',
    {
      command: 'VACUUM',
      severity: 'NOTICE',
      message: 'there is nothing to clean up',
      hint: 'Whatever is written replaces whole files. ANALYZE gathers statistics.',
    },
  ],
  ['reindex', { command: 'REINDEX', severity: 'NOTICE', message: 'there are no indexes', hint: undefined }],
  [
    'cluster',
    {
      command: 'CLUSTER',
      severity: 'NOTICE',
      message: 'rows stay in the order in which they were written',
      hint: 'Add ORDER BY to the INSERT that writes the table.',
    },
  ],
  ['checkpoint', { command: 'CHECKPOINT', severity: 'NOTICE', message: 'every commit is durable', hint: undefined }],
]);

const commented: ReadonlySet<string> = new Set(['table', 'view', 'column']);

/** What can be dropped IF EXISTS, because it never does. */
const neverThere: ReadonlySet<string> = new Set([
  ...[
    'aggregate',
    'cast',
    'collation',
    'domain',
    'extension',
    'operator',
    'policy',
    'procedure',
    'publication',
    'role',
  ],
  ...['rule', 'sequence', 'server', 'statistics', 'trigger', 'type', 'user'],
]);

const listedAnew = 'the files of a table are listed anew by every statement';

/** CACHE [LAZY] TABLE t and the like: files that are read again come from the system's memory, and are listed by each statement. */
function idleOfSpark(words: readonly string[]): Idle | undefined {
  const [first, second] = words;
  const isOfTable = second === 'table' || (second === 'lazy' && words[2] === 'table') || second === 'repair';
  const isRefresh = first === 'refresh' && words.length > 1 && second !== 'materialized';
  if (
    words.includes('as') ||
    (!isOfTable && !isRefresh && !(first === 'clear' && second === 'cache' && words.length === 2))
  )
    return undefined;
  const message =
    first === 'cache' || first === 'uncache' || first === 'clear'
      ? 'files that are read again come from the memory of the system'
      : listedAnew;
  const command = `${first!.toUpperCase()} ${first === 'clear' ? 'CACHE' : 'TABLE'}`;
  return { command, severity: 'NOTICE', message, hint: undefined };
}

const properties: ReadonlySet<string> = new Set(['tblproperties', 'serdeproperties', 'dbproperties']);

/** ALTER … SET TBLPROPERTIES (…), RECOVER PARTITIONS, ADD PARTITION and OWNER TO. */
function idleAlter(words: readonly string[]): Idle | undefined {
  if (words.length < 3) return undefined;
  const command = `ALTER ${words[1]!.toUpperCase()}`;
  const set = words.findIndex((word) => word === 'set' || word === 'unset');
  if (set >= 0 && properties.has(words[set + 1] ?? '')) {
    return { command, severity: 'NOTICE', message: 'properties of a table are not kept', hint: undefined };
  }
  if (words.at(-2) === 'recover' && words.at(-1) === 'partitions') {
    return { command, severity: 'NOTICE', message: listedAnew, hint: undefined };
  }
  const partition = words.indexOf('partition');
  if (words.slice(0, partition).includes('add') && words[partition + 1] === '(') {
    const message = 'a partition is there as soon as rows are written to it';
    return { command: 'ALTER TABLE', severity: 'NOTICE', message, hint: undefined };
  }
  if (words.at(-3) !== 'owner' || words.at(-2) !== 'to') return undefined;
  const { severity, hint } = privileges;
  return { command, severity, message: 'owners are not kept', hint };
}

/** A statement that has nothing to do here, from its tokens; undefined for every other. */
export function idleStatement(tokens: readonly SqlToken[]): IdleStatement | undefined {
  const [first] = tokens;
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const found = idleOf(tokens.map(({ text }) => text));
  if (found === undefined) return undefined;
  return { kind: 'idle', ...found, position: first.startOffset, end: (last.endOffset as number) + 1 };
}

function idleOf(words: readonly string[]): Idle | undefined {
  const [first, second, third, fourth] = words;
  switch (first) {
    case 'cache':
    case 'uncache':
    case 'clear':
    case 'refresh':
    case 'msck':
    case 'repair':
      return idleOfSpark(words);
    case 'comment': {
      if (second !== 'on' || commented.has(third!) || words.length < 5) return undefined;
      const message = 'comments are kept of tables, views and columns';
      return { command: 'COMMENT', severity: 'NOTICE', message, hint: undefined };
    }
    case 'alter':
      return idleAlter(words);
    case 'drop': {
      if (!neverThere.has(second!) || third !== 'if' || fourth !== 'exists') return undefined;
      const message = `${second} "${words[4] ?? ''}" does not exist, skipping`;
      return { command: `DROP ${second!.toUpperCase()}`, severity: 'NOTICE', message, hint: undefined };
    }
    default:
      return idle.get(first!);
  }
}
