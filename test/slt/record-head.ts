/*
 * The first line of a record:
 *
 *   statement ok | statement maybe | statement count N           [connection] [retry N backoff 1s]
 *   statement error [SQLSTATE] [text in the message]
 *   query [types] [nosort|rowsort|valuesort|partialsort(…)] [colnames] [label] [connection] [retry N backoff 1s]
 *   query error [text]
 *
 * CockroachDB's scripts write options with commas between them.
 */
import type { QueryRecord, SortMode, StatementRecord } from './slt-record.js';

export type StatementHead = Pick<
  StatementRecord,
  'kind' | 'connection' | 'retries' | 'expectation' | 'sqlState' | 'message' | 'rowCount'
>;
export type QueryHead = Pick<
  QueryRecord,
  'kind' | 'connection' | 'retries' | 'types' | 'sort' | 'label' | 'namesColumns'
>;

const SORT_MODES: readonly string[] = ['nosort', 'rowsort', 'valuesort'];

/** Undefined for a line that begins like a record, and is none. */
export function readRecordHead(words: readonly string[], sort: SortMode): StatementHead | QueryHead | undefined {
  const [word, second = ''] = words;
  if (word === 'query' && second !== 'error') return readQueryHead(words.slice(1), sort);
  return readStatementHead(second, words.slice(2));
}

function readStatementHead(expectation: string, words: readonly string[]): StatementHead | undefined {
  const plain = { kind: 'statement', sqlState: undefined, message: undefined, connection: '', retries: 0 } as const;
  switch (expectation) {
    case 'ok':
      return { ...plain, ...optionsOf(words), expectation: 'ok' };
    case 'maybe':
      return { ...plain, ...optionsOf(words), expectation: 'any' };
    case 'count': {
      const rowCount = Number(words[0]);
      if (!Number.isInteger(rowCount)) return undefined;
      return { ...plain, ...optionsOf(words.slice(1)), expectation: 'ok', rowCount };
    }
    case 'error': {
      const [first = ''] = words;
      const connection = isConnection(first) ? first : '';
      const [sqlState, ...message] = connection === '' ? words : words.slice(1);
      const text = message.length === 0 ? undefined : message.join(' ');
      return { ...plain, connection, expectation: 'error', sqlState, message: text };
    }
    default:
      return undefined;
  }
}

function readQueryHead(words: readonly string[], sort: SortMode): QueryHead {
  const [first = ''] = words;
  const hasTypes = first !== '' && sortModeOf(first) === undefined && !isConnection(first);
  const options = words.slice(hasTypes ? 1 : 0).flatMap((word) => word.split(/,(?![^(]*\))/));
  const { connection, retries, others } = optionsOf(options);
  const named = others.filter((option) => sortModeOf(option) === undefined && option !== 'colnames');
  return {
    kind: 'query',
    connection,
    retries,
    types: hasTypes ? first : '',
    sort: others.map(sortModeOf).find((mode) => mode !== undefined) ?? sort,
    label: named[0],
    namesColumns: others.includes('colnames'),
  };
}

/** Rows that are sorted in part are compared as if they were not sorted at all. */
function sortModeOf(word: string): SortMode | undefined {
  if (SORT_MODES.includes(word)) return word as SortMode;
  return word.startsWith('partialsort') ? 'rowsort' : undefined;
}

const isConnection = (word: string): boolean => /^con\w*$/.test(word) && word !== 'colnames';

function optionsOf(words: readonly string[]): { connection: string; retries: number; others: readonly string[] } {
  const others: string[] = [];
  let connection = '';
  let retries = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === 'retry') {
      const count = Number(words[at + 1]);
      retries = Number.isInteger(count) ? count : 10;
      if (Number.isInteger(count)) at++;
      if (words[at + 1] === 'backoff') at += 2;
    } else if (isConnection(word)) connection = word;
    else others.push(word);
  }
  return { connection, retries, others };
}
