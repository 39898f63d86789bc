/*
 * sqllogictest scripts (https://www.sqlite.org/sqllogictest): records separated by blank lines.
 *
 *   statement ok | statement error [SQLSTATE] [text in the message] | statement maybe | statement count N
 *   query <types> [nosort|rowsort|valuesort] [label]   SQL, then ---- and the expected rows
 *   skipif <engine> | onlyif <engine>                   for the record that follows
 *   halt | hash-threshold N | # comment
 *
 * Rows are written one a line with tabs between values, or, as SQLite does, one value a line, or as a hash. Without
 * ---- a query must only run. Of what DuckDB adds, scripts may have: loops (`script-loops.ts`), `require`, `mode skip`,
 * names of connections, and ---- with the wording of its own error behind a `statement error`.
 */
import { expandLoops, type ScriptLine } from './script-loops.js';

export type SortMode = 'nosort' | 'rowsort' | 'valuesort';

interface RecordBase {
  /** From 1. */
  readonly line: number;
  readonly sql: string;
  readonly skipped: boolean;
  /** The name of the session that runs it; most scripts have but one, ''. */
  readonly connection: string;
}

export interface StatementRecord extends RecordBase {
  readonly kind: 'statement';
  /** `any`: it may fail or succeed. */
  readonly expectation: 'ok' | 'error' | 'any';
  readonly sqlState: string | undefined;
  /** Must occur in the message. */
  readonly message: string | undefined;
}

export interface QueryRecord extends RecordBase {
  readonly kind: 'query';
  readonly types: string;
  readonly sort: SortMode;
  /** Queries of one label must have one result. */
  readonly label: string | undefined;
  /** Undefined: the rows are not looked at. */
  readonly expected: readonly string[] | undefined;
  /** Lines of the file that hold the expected rows: [first, behind the last), from 0; undefined within a loop. */
  readonly expectedLines: readonly [number, number] | undefined;
}

/** A line that is no record: of another dialect, or a mistake. */
export interface UnknownRecord extends RecordBase {
  readonly kind: 'unknown';
}

export type SltRecord = StatementRecord | QueryRecord | UnknownRecord;

/** The names of `skipif` and `onlyif` that mean us. */
const MILLRACE_NAMES: readonly string[] = ['millrace', 'postgresql'];

const SORT_MODES: readonly string[] = ['nosort', 'rowsort', 'valuesort'];

/** Lines that change nothing here. */
const IGNORED: ReadonlySet<string> = new Set(
  'hash-threshold control load restart reconnect sleep set reset tags test-env unzip'.split(' '),
);

/** What DuckDB's scripts `require` and any engine has; behind another requirement nothing runs. */
const MET_REQUIREMENTS: ReadonlySet<string> = new Set(
  'parquet json icu core_functions skip_reload noforcestorage vector_size no_alternative_verify tpch_data'.split(' '),
);

/** Records that `skipif`, `onlyif`, `require` and `mode skip` keep from the engine of those names are marked as skipped. */
export function parseSltScript(text: string, engineNames: readonly string[] = MILLRACE_NAMES): SltRecord[] {
  return new ScriptReader(expandLoops(text.split('\n')), engineNames).read();
}

class ScriptReader {
  private readonly lines: readonly ScriptLine[];
  private readonly engineNames: readonly string[];
  private readonly records: SltRecord[] = [];
  private at = 0;
  /** Whether the next record is skipped. */
  private skipNext = false;
  /** Whether all records are. */
  private skipAll = false;

  constructor(lines: readonly ScriptLine[], engineNames: readonly string[]) {
    this.lines = lines;
    this.engineNames = engineNames;
  }

  read(): SltRecord[] {
    while (this.at < this.lines.length) {
      const words = this.text(this.at)
        .trim()
        .replace(/\s#.*$/, '')
        .split(/\s+/);
      const [word = ''] = words;
      if (word === 'halt') {
        if (!this.skipNext) break;
        this.skipNext = false;
        this.at++;
      } else if (word === 'statement' || word === 'query') {
        this.readRecord(words);
      } else if (word === '' || word.startsWith('#') || IGNORED.has(word)) {
        this.at++;
      } else {
        this.readCondition(words);
        this.at++;
      }
    }
    return this.records;
  }

  private readCondition([word, name = '']: readonly string[]): void {
    if (word === 'skipif' || word === 'onlyif') {
      if (this.engineNames.includes(name) === (word === 'skipif')) this.skipNext = true;
    } else if (word === 'mode') {
      if (name === 'skip' || name === 'unskip') this.skipAll = name === 'skip';
    } else if (word === 'require' || word === 'require-env') {
      if (!MET_REQUIREMENTS.has(name)) this.skipAll = true;
    } else {
      const base = { line: this.lines[this.at]!.line + 1, skipped: this.takeSkip(), connection: '' };
      this.records.push({ kind: 'unknown', sql: this.text(this.at), ...base });
    }
  }

  private takeSkip(): boolean {
    const skipped = this.skipNext || this.skipAll;
    this.skipNext = false;
    return skipped;
  }

  private readRecord(words: readonly string[]): void {
    const head = this.at++;
    const sqlEnd = this.skipTo((line) => line.trim() === '' || line === '----');
    const base = {
      line: this.lines[head]!.line + 1,
      sql: this.textOf(head + 1, sqlEnd).join('\n'),
      skipped: this.takeSkip(),
      connection: connectionOf(words),
    };
    const checked = this.at < this.lines.length && this.text(this.at) === '----';
    if (checked) this.at++;
    const first = this.at;
    const last = checked ? this.skipTo((line) => line.trim() === '') : first;
    if (words[0] === 'query') {
      const inLoop = this.lines[head]!.inLoop;
      const from = (this.lines[first - 1]?.line ?? 0) + 1;
      const rest = words.slice(2).filter((word) => word !== base.connection);
      this.records.push({
        kind: 'query',
        ...base,
        types: words[1] ?? '',
        sort: (rest.find((word) => SORT_MODES.includes(word)) ?? 'nosort') as SortMode,
        label: rest.find((word) => !SORT_MODES.includes(word)),
        expected: checked ? this.textOf(first, last) : undefined,
        expectedLines: inLoop ? undefined : [from, from + last - first],
      });
    } else {
      this.records.push({ kind: 'statement', ...base, ...expectationOf(words, base.connection) });
    }
  }

  private skipTo(isEnd: (line: string) => boolean): number {
    while (this.at < this.lines.length && !isEnd(this.text(this.at))) this.at++;
    return this.at;
  }

  private text(at: number): string {
    return this.lines[at]!.text;
  }

  private textOf(from: number, to: number): string[] {
    return this.lines.slice(from, to).map((line) => line.text);
  }
}

/** `statement ok con1`, `query I rowsort con1`: behind a sort mode at most. */
function connectionOf(words: readonly string[]): string {
  const word = words[SORT_MODES.includes(words[2] ?? '') ? 3 : 2] ?? '';
  return /^con\w*$/.test(word) ? word : '';
}

type Expectation = Pick<StatementRecord, 'expectation' | 'sqlState' | 'message'>;

function expectationOf(words: readonly string[], connection: string): Expectation {
  if (words[1] !== 'error') {
    return { expectation: words[1] === 'maybe' ? 'any' : 'ok', sqlState: undefined, message: undefined };
  }
  const [sqlState, ...message] = words.slice(connection === '' ? 2 : 3);
  return { expectation: 'error', sqlState, message: message.length === 0 ? undefined : message.join(' ') };
}
