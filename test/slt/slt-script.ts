/*
 * sqllogictest scripts (https://www.sqlite.org/sqllogictest): records separated by blank lines.
 *
 *   statement … | query …                               see `record-head.ts`; the SQL, then ---- and what is expected
 *   skipif <engine> | onlyif <engine>                   for the record that follows
 *   halt | hash-threshold N | # comment
 *
 * Rows are written one a line with tabs between values, or, as SQLite does, one value a line, or as a hash. Without
 * ---- a query must only run. Scripts of other engines may also have loops (`script-loops.ts`), `require`, `mode skip`,
 * `include`, `control sortmode`, `connection`, `subtest`, and ---- with the wording of an error behind a record that
 * must fail. Any other line is a record that fails: nothing is passed over in silence.
 */
import { readRecordHead } from './record-head.js';
import { expandLoops, loopCondition, type ScriptLine } from './script-loops.js';
import type { SltRecord, SortMode } from './slt-record.js';

/** The names of `skipif` and `onlyif` that mean us. */
export const MILLRACE_NAMES: readonly string[] = ['millrace', 'postgresql', 'postgres'];

/** Lines that change nothing here. */
const IGNORED: ReadonlySet<string> = new Set(
  'hash-threshold load restart reconnect sleep set reset tags test-env unzip subtest user endloop'.split(' '),
);

/** What DuckDB's scripts `require` and any engine has; behind another requirement nothing runs. */
const MET_REQUIREMENTS: ReadonlySet<string> = new Set(
  'parquet json icu core_functions skip_reload noforcestorage vector_size no_alternative_verify tpch_data'.split(' '),
);

const SORT_MODES: readonly string[] = ['nosort', 'rowsort', 'valuesort'];

/** Records that `skipif`, `onlyif`, `require` and `mode skip` keep from the engine of those names are marked as skipped. */
export function parseSltScript(
  text: string,
  engineNames: readonly string[] = MILLRACE_NAMES,
  readIncluded?: (pattern: string) => string,
): SltRecord[] {
  return new ScriptReader(expandLoops(linesOf(text, readIncluded)), engineNames).read();
}

/** Lines of an included file stand where the line that includes it does. */
function linesOf(text: string, readIncluded: ((pattern: string) => string) | undefined): ScriptLine[] {
  return text.split('\n').flatMap((raw, line): ScriptLine[] => {
    const plain = raw.replace(/\r$/, '');
    const included = readIncluded && /^include\s+(\S+)/.exec(plain)?.[1];
    if (!included) return [{ text: plain, line, bindings: undefined }];
    return linesOf(readIncluded(included), readIncluded).map((inner) => ({ ...inner, line }));
  });
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
  private sort: SortMode = 'nosort';
  /** Of the next record. */
  private connection = '';

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
      } else if (word === 'system') {
        this.readCommand();
      } else if (word === '' || word.startsWith('#') || IGNORED.has(word)) {
        this.at++;
      } else {
        if (!this.readCondition(words)) this.addUnknown(this.lines[this.at]!, this.text(this.at));
        this.at++;
      }
    }
    return this.records;
  }

  /** False for a line that means nothing to us. */
  private readCondition([word, name = '', value = '']: readonly string[]): boolean {
    switch (word) {
      case 'skipif':
      case 'onlyif': {
        const isMet = loopCondition(name, this.lines[this.at]!) ?? this.engineNames.includes(name);
        if (isMet === (word === 'skipif')) this.skipNext = true;
        return true;
      }
      case 'mode':
        if (name === 'skip' || name === 'unskip') this.skipAll = name === 'skip';
        return true;
      case 'require':
      case 'require-env':
        if (!MET_REQUIREMENTS.has(name)) this.skipAll = true;
        return true;
      case 'control':
        if (name === 'sortmode' && SORT_MODES.includes(value)) this.sort = value as SortMode;
        return true;
      case 'connection':
        this.connection = name === 'default' ? '' : name;
        return true;
      default:
        return false;
    }
  }

  private addUnknown(at: ScriptLine, sql: string): void {
    const base = { line: at.line + 1, skipped: this.takeSkip(), connection: '', retries: 0 };
    this.records.push({ kind: 'unknown', sql, ...base });
  }

  private takeSkip(): boolean {
    const skipped = this.skipNext || this.skipAll;
    this.skipNext = false;
    return skipped;
  }

  /** Commands of a shell are not run. */
  private readCommand(): void {
    this.skipNext = true;
    this.readRecord(['statement', 'ok']);
  }

  private readRecord(words: readonly string[]): void {
    const head = this.at++;
    const first = this.lines[head]!;
    const sqlEnd = this.skipTo((line) => line.trim() === '' || line === '----');
    const sql = this.textOf(head + 1, sqlEnd).join('\n');
    const checked = this.at < this.lines.length && this.text(this.at) === '----';
    if (checked) this.at++;
    const from = this.at;
    const last = checked ? this.skipTo((line) => line.trim() === '') : from;
    const read = readRecordHead(words, this.sort);
    if (read === undefined || sql.trim() === '') {
      this.addUnknown(first, `${this.text(head)}\n${sql}`);
      return;
    }
    const connection = read.connection === '' ? this.connection : read.connection;
    this.connection = '';
    const base = { line: first.line + 1, sql, skipped: this.takeSkip(), connection };
    if (read.kind === 'statement') {
      if (checked && read.expectation === 'error') this.skipMessage();
      this.records.push({ ...read, ...base });
      return;
    }
    const line = (this.lines[from - 1]?.line ?? 0) + 1;
    this.records.push({
      ...read,
      ...base,
      expected: checked ? this.textOf(from, last) : undefined,
      expectedLines: first.bindings === undefined ? [line, line + last - from] : undefined,
    });
  }

  /** The message of an error may have single blank lines. */
  private skipMessage(): void {
    while (this.at + 1 < this.lines.length && this.text(this.at).trim() === '') {
      const [word = ''] = this.text(this.at + 1).split(/\s/);
      if (word === '' || word.startsWith('#') || IGNORED.has(word) || DIRECTIVES.has(word)) return;
      this.at++;
      this.skipTo((line) => line.trim() === '');
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

const DIRECTIVES: ReadonlySet<string> = new Set(
  'statement query halt skipif onlyif mode require require-env control connection system include'.split(' '),
);
