import { userError } from '../../../src/common/errors.js';
import type { ReferenceValue } from '../../../src/kernels/reference/format.js';
import { encodeDataRow, encodeField } from '../../../src/kernels/reference/postgres-text.js';
import type {
  CommandCompletion,
  Execution,
  Notice,
  ParameterValue,
  ParsedStatement,
  PreparedStatement,
  ResultChunk,
  ResultColumn,
  ResultFormat,
  Session,
  SessionSettings,
  TransactionStatus,
} from '../../../src/session/session.js';
import { decimal, type SqlType } from '../../../src/types/sql-type.js';

const CHUNK_ROWS = 3;

type Row = readonly (ReferenceValue | undefined)[];

export const ALL_TYPES: readonly [SqlType, ReferenceValue, string][] = [
  [{ kind: 'boolean' }, true, 't'],
  [{ kind: 'smallint' }, -7, '-7'],
  [{ kind: 'integer' }, 123456, '123456'],
  [{ kind: 'bigint' }, 2n ** 60n, '1152921504606846976'],
  [{ kind: 'real' }, 1.5, '1.5'],
  [{ kind: 'double' }, 1e20, '1e+20'],
  [decimal(15, 2), -12345n, '-123.45'],
  [{ kind: 'text' }, Buffer.from('größe'), 'größe'],
  [{ kind: 'varchar', length: 9 }, Buffer.from('abc'), 'abc'],
  [{ kind: 'bytea' }, Uint8Array.of(1, 255), '\\x01ff'],
  [{ kind: 'date' }, 20_534, '2026-03-22'],
  [{ kind: 'time' }, 1_500_000n, '00:00:01.5'],
  [{ kind: 'timestamp' }, 0n, '1970-01-01 00:00:00'],
  [{ kind: 'timestamptz' }, 0n, '1970-01-01 00:00:00+00'],
  [{ kind: 'interval' }, { months: 14, days: 0, microseconds: 1_000_000n }, '1 year 2 mons 00:00:01'],
  [{ kind: 'uuid' }, Buffer.from('00112233445566778899aabbccddeeff', 'hex'), '00112233-4455-6677-8899-aabbccddeeff'],
  [{ kind: 'jsonb' }, Buffer.from('{"a":1}'), '{"a":1}'],
];

/**
 * A session of canned answers. Its SQL: `rows N`, `types`, `echo $1 …` (the parameters as JSON text), `insert N`,
 * `fail` (at its own position), `sleep` (until cancelled), `notice`, `set NAME VALUE`, `begin`, `commit`, `rollback`;
 * `flood N` (N chunks of 64 KiB), anything else is a command without rows.
 */
export class FakeSession implements Session {
  openCopyInput(): Promise<never> {
    throw new Error('no COPY here');
  }

  onPlan(): void {
    throw new Error('no plans here');
  }

  transactionStatus: TransactionStatus = 'I';
  readonly preparedStatements: Map<string, PreparedStatement> = new Map();
  readonly log: string[] = [];
  /** Chunks pulled so far by all executions. */
  chunksPulled = 0;
  failingCommits = 0;
  readonly open: Set<Execution> = new Set();
  private readonly values = new Map<string, string>();
  private readonly listeners: ((name: string, value: string) => void)[] = [];
  private readonly noticeListeners: ((notice: Notice) => void)[] = [];
  private interruptSleep: (() => void) | undefined;

  readonly settings: SessionSettings = {
    get: (name) => this.values.get(name.toLowerCase()),
    set: (name, value) => {
      if (name === 'bad_setting') throw userError('42704', `unrecognized configuration parameter "${name}"`);
      this.values.set(name.toLowerCase(), value);
      for (const listener of this.listeners) listener(name, value);
    },
    onChange: (listener) => this.listeners.push(listener),
  };

  parse(sql: string): ParsedStatement[] {
    const statements: ParsedStatement[] = [];
    let offset = 0;
    for (const part of sql.split(';')) {
      const text = part.trim();
      const start = offset + part.length - part.trimStart().length;
      if (text === 'syntax error') throw userError('42601', 'syntax error', { position: start });
      if (text !== '') statements.push({ text, offset: start, syntax: text.split(/\s+/) });
      offset += part.length + 1;
    }
    return statements;
  }

  async prepare(statement: ParsedStatement, types: readonly (SqlType | undefined)[]): Promise<PreparedStatement> {
    const [word, ...rest] = statement.syntax as string[];
    if (this.transactionStatus === 'E' && word !== 'rollback' && word !== 'commit') {
      throw userError('25P02', 'current transaction is aborted, commands ignored until end of transaction block');
    }
    const parameters = rest.filter((argument) => argument.startsWith('$'));
    return {
      statement,
      parameterTypes: parameters.map((_, index) => types[index] ?? { kind: 'text' }),
      columns: columnsOf(word!),
    };
  }

  async execute(
    prepared: PreparedStatement,
    parameters: readonly ParameterValue[],
    format: ResultFormat,
  ): Promise<Execution> {
    const [word, argument = '', value = ''] = prepared.statement.syntax as string[];
    const formatCodes = format.kind === 'postgres' ? format.formatCodes : [];
    this.log.push(prepared.statement.text);
    let rows: Row[] = [];
    let completion: CommandCompletion = { command: word!.toUpperCase(), rowCount: undefined };
    switch (word) {
      case 'fail':
        throw userError('22012', 'division by zero', { position: prepared.statement.offset, hint: 'Try 1.' });
      case 'rows':
        rows = Array.from({ length: Number(argument) }, (_, index): Row => [index, Buffer.from(`row ${index}`)]);
        break;
      case 'types':
        rows = [ALL_TYPES.map(([, cell]) => cell), ALL_TYPES.map(() => undefined)];
        break;
      case 'echo':
        rows = [[Buffer.from(JSON.stringify(parameters, toJson))]];
        break;
      case 'insert':
        completion = { command: 'INSERT', rowCount: Number(argument) };
        break;
      case 'set':
        this.settings.set(argument, value);
        break;
      case 'notice':
        for (const listener of this.noticeListeners) listener({ severity: 'NOTICE', code: '00000', message: 'hello' });
        break;
      case 'begin':
        this.transactionStatus = 'T';
        break;
      case 'commit':
      case 'rollback':
        this.transactionStatus = 'I';
    }
    if (prepared.columns !== undefined) completion = { command: 'SELECT', rowCount: rows.length };
    const columns = prepared.columns;
    const execution: Execution = {
      columns,
      chunks: () =>
        this.run(
          execution,
          word === 'sleep',
          word === 'flood' ? Number(argument) : 0,
          rows,
          columns ?? [],
          formatCodes,
        ),
      completion: () => completion,
      close: async () => {
        this.open.delete(execution);
      },
    };
    this.open.add(execution);
    return execution;
  }

  private async *run(
    execution: Execution,
    sleeps: boolean,
    floodChunks: number,
    rows: readonly Row[],
    columns: readonly ResultColumn[],
    formatCodes: readonly (0 | 1)[],
  ): AsyncGenerator<ResultChunk> {
    try {
      if (sleeps) {
        await new Promise<void>((resolve) => {
          this.interruptSleep = resolve;
        });
        throw userError('57014', 'canceling statement due to user request');
      }
      for (let chunk = 0; chunk < floodChunks; chunk++) {
        this.chunksPulled++;
        yield FLOOD_CHUNK;
      }
      for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
        const part = rows.slice(start, start + CHUNK_ROWS);
        const messages = part.map((row) =>
          encodeDataRow(row.map((value, index) => encodeField(columns[index]!.type, formatCodes[index] ?? 0, value))),
        );
        this.chunksPulled++;
        yield { rowCount: part.length, bytes: Buffer.concat(messages) };
      }
    } finally {
      this.open.delete(execution);
    }
  }

  async endStatementGroup(outcome: 'succeeded' | 'failed'): Promise<void> {
    this.log.push(outcome);
    if (outcome === 'failed' && this.transactionStatus === 'T') this.transactionStatus = 'E';
    if (outcome === 'succeeded' && this.failingCommits > 0) {
      this.failingCommits--;
      throw userError('40001', 'could not commit');
    }
  }

  cancel(): void {
    this.interruptSleep?.();
    this.interruptSleep = undefined;
  }

  onNotice(listener: (notice: Notice) => void): void {
    this.noticeListeners.push(listener);
  }

  async close(): Promise<void> {
    this.cancel();
    this.log.push('closed');
  }
}

const FLOOD_CHUNK: ResultChunk = { rowCount: 1, bytes: encodeDataRow([Buffer.alloc(65_536, 'x')]) };

function columnsOf(word: string): ResultColumn[] | undefined {
  switch (word) {
    case 'rows':
      return [
        { name: 'n', type: { kind: 'integer' } },
        { name: 'label', type: { kind: 'text' } },
      ];
    case 'types':
      return ALL_TYPES.map(([type]) => ({ name: type.kind, type }));
    case 'echo':
    case 'flood':
      return [{ name: 'parameters', type: { kind: 'text' } }];
    default:
      return undefined;
  }
}

function toJson(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
