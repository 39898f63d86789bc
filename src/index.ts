import type { RecordBatch, Table } from 'apache-arrow';
import { loadArrow } from './api/arrow/arrow-library.js';
import { arrowSchemaOf } from './api/arrow/arrow-schema.js';
import { toRecordBatch } from './api/arrow/record-batch.js';
import { cancelOnAbort, throwIfAborted } from './api/cancel-on-abort.js';
import { assertOptions, assertParameters, assertSignal, assertSql } from './api/check-arguments.js';
import { parseMemorySize } from './api/memory-size.js';
import { OpenStatement } from './api/open-statement.js';
import { runScript, type ScriptProgress, type StatementSummary } from './api/run-script.js';
import { loadWhatQueriesNeed, warmUp } from './api/warm-up.js';
import { userError } from './common/errors.js';
import type { RunningServer, ServerOptions } from './server/server-options.js';
import { Engine } from './session/engine.js';
import type { ParameterValue, ParsedStatement, Session } from './session/session.js';
import type { AggregateDeclaration, FunctionDeclaration, TableFunctionDeclaration } from './session/user-functions.js';

export { formatDecimal } from './api/arrow/format-decimal.js';
export type { ScriptProgress, StatementSummary } from './api/run-script.js';
export { MillraceError } from './common/errors.js';
export type { RunningServer, ServerOptions } from './server/server-options.js';
export type { ParameterValue } from './session/session.js';
export type {
  AggregateDeclaration,
  FunctionDeclaration,
  TableFunctionDeclaration,
} from './session/user-functions.js';

export interface OpenOptions {
  /** The lake's folder. */
  readonly lake: string;
  /** Create the folder if it does not exist. */
  readonly create?: boolean | undefined;
  /** Worker threads; one a core by default. */
  readonly threads?: number | undefined;
  /** Memory for data, as bytes or as `'2GB'`; at most 4 GiB, by default half of the machine's. */
  readonly memoryLimit?: number | string | undefined;
  /** Folder for what does not fit the memory, on a disk of some size; by default the system's for temporary files. */
  readonly spillDirectory?: string | undefined;
  /** What may be spilled at once, as bytes or as `'50GB'`; by default nine tenths of what is free on the disk. */
  readonly spillLimit?: number | string | undefined;
  /**
   * Part of the memory that may hold decompressed columns of files for later queries while none needs it, as bytes or as
   * `'500MB'`; by default a quarter, 0 for none.
   */
  readonly cacheLimit?: number | string | undefined;
  /**
   * Run some queries of the engine's own before `open` answers: takes half a second, and the first query of yours finds
   * much of what it needs loaded and compiled. For processes that stay; `millrace serve` does it.
   */
  readonly warmUp?: boolean | undefined;
}

export interface QueryOptions {
  /** When it fires, the query fails with error 57014. */
  readonly signal?: AbortSignal | undefined;
}

export interface RunOptions extends QueryOptions {
  /** Variables of the script, as in psql: `:'name'` a literal, `:"name"` an identifier, `:name` raw. */
  readonly vars?: Readonly<Record<string, string>> | undefined;
  /** Called ten times a second while a statement runs. */
  readonly onProgress?: ((progress: ScriptProgress) => void) | undefined;
}

/**
 * A lake, open for queries. Every call has a session of its own: calls may overlap, and SET or BEGIN in one says nothing
 * to the next; a transaction is one `run`. All errors are `MillraceError`s with a SQLSTATE in `code`.
 */
export class Millrace {
  readonly #engine: Engine;
  readonly #servers = new Set<RunningServer>();

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Opens a lake. Answers when the workers and Arrow are loaded, which takes a quarter of a second: queries would wait for
   * them. An error (58P01) if there is no such folder.
   */
  static async open(options: OpenOptions): Promise<Millrace> {
    assertOptions(options, 'Millrace.open', OPEN_OPTIONS);
    if (typeof options.lake !== 'string' || options.lake === '') {
      throw userError('22023', 'Millrace.open needs a lake', {
        hint: "Name the folder of the lake: Millrace.open({ lake: './lake' }); with create: true it is made.",
      });
    }
    const bytesOf = (size: number | string | undefined): number | undefined =>
      size === undefined ? undefined : parseMemorySize(size);
    const memoryLimit = bytesOf(options.memoryLimit);
    const spillLimit = bytesOf(options.spillLimit);
    const cacheLimit = bytesOf(options.cacheLimit);
    const engine = await Engine.open({ ...options, memoryLimit, spillLimit, cacheLimit, startWorkers: true });
    try {
      await loadWhatQueriesNeed(engine);
      if (options.warmUp === true) await warmUp(engine);
    } catch (thrown) {
      await engine.close();
      throw thrown;
    }
    return new Millrace(engine);
  }

  /** The whole result of one statement; a table without columns if it returns no rows. `$1` is `parameters[0]`. */
  async query(sql: string, parameters: readonly ParameterValue[] = [], options: QueryOptions = {}): Promise<Table> {
    assertSql(sql, 'query');
    assertParameters(parameters);
    return await this.#withSession(options.signal, async (session) => {
      const opened = await openSingleStatement(session, sql, parameters);
      const arrow = await loadArrow();
      const columns = opened.columns ?? [];
      const schema = arrowSchemaOf(arrow, columns);
      const types = columns.map(({ type }) => type);
      const batches: RecordBatch[] = [];
      for await (const chunk of opened) batches.push(toRecordBatch(arrow, schema, types, chunk));
      return new arrow.Table(schema, batches);
    });
  }

  /** The result batch by batch. The query waits while nobody asks for the next one, and ends with the iteration. */
  async *stream(
    sql: string,
    parameters: readonly ParameterValue[] = [],
    options: QueryOptions = {},
  ): AsyncGenerator<RecordBatch, void, void> {
    const { signal } = options;
    assertSql(sql, 'stream');
    assertParameters(parameters);
    assertSignal(signal);
    throwIfAborted(signal);
    const session = this.#engine.openSession();
    const cancel = (): void => session.cancel();
    signal?.addEventListener('abort', cancel);
    try {
      const opened = await openSingleStatement(session, sql, parameters);
      const arrow = await loadArrow();
      const columns = opened.columns ?? [];
      const schema = arrowSchemaOf(arrow, columns);
      const types = columns.map(({ type }) => type);
      for await (const chunk of opened) yield toRecordBatch(arrow, schema, types, chunk);
    } finally {
      signal?.removeEventListener('abort', cancel);
      await session.close();
    }
  }

  /** Runs the statements of a script in order and drops the rows they return; stops at the first failure. */
  async run(script: string, options: RunOptions = {}): Promise<StatementSummary[]> {
    assertSql(script, 'run');
    const { vars = {}, onProgress, signal } = options;
    return await this.#withSession(signal, (session) =>
      runScript(session, script, vars, {
        // Nobody sees the rows; those of cursors come in this format only.
        chooseFormat: (columns) => ({ kind: 'postgres', formatCodes: columns.map(() => 0) }),
        ...(onProgress === undefined ? {} : { onProgress }),
      }),
    );
  }

  /** Serves the Postgres wire protocol until the server or this is closed. */
  async listen(options: ServerOptions = {}): Promise<RunningServer> {
    const { port = 0 } = options;
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw userError('22023', `the port of a server is a number from 0 to 65535, not ${port}`);
    }
    const { startServer } = await import('./server/server.js');
    const server = await startServer(options, async ({ user, database, settings }) =>
      this.#engine.openSession({ user, database, settings: Object.fromEntries(settings) }),
    );
    this.#servers.add(server);
    return {
      host: server.host,
      port: server.port,
      close: async (graceMs) => {
        this.#servers.delete(server);
        await server.close(graceMs);
      },
    };
  }

  /**
   * Makes a JavaScript function callable in SQL, until this is closed; one of the same name and arguments is replaced. It
   * runs on the workers, row by row, and sees nothing of this program.
   */
  async registerFunction(declaration: FunctionDeclaration): Promise<void> {
    assertOptions(declaration, 'registerFunction', { ...FUNCTION_OPTIONS, returns: ['string'] });
    await this.#engine.functions.registerScalar(declaration);
  }

  /** The same for an aggregate: an object of functions `init`, `step` and maybe `finish`. */
  async registerAggregate(declaration: AggregateDeclaration): Promise<void> {
    assertOptions(declaration, 'registerAggregate', { ...FUNCTION_OPTIONS, returns: ['string'] });
    await this.#engine.functions.registerAggregate(declaration);
  }

  /** The same for a function that gives rows, to be called in FROM. */
  async registerTableFunction(declaration: TableFunctionDeclaration): Promise<void> {
    assertOptions(declaration, 'registerTableFunction', { ...FUNCTION_OPTIONS, columns: ['object'] });
    await this.#engine.functions.registerTable(declaration);
  }

  /** Stops the servers, cancels what runs, and ends the workers. */
  async close(): Promise<void> {
    await Promise.all([...this.#servers].map((server) => server.close()));
    this.#servers.clear();
    await this.#engine.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #withSession<Result>(
    signal: AbortSignal | undefined,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    assertSignal(signal);
    throwIfAborted(signal);
    const session = this.#engine.openSession();
    try {
      return await cancelOnAbort(session, signal, () => work(session));
    } finally {
      await session.close();
    }
  }
}

const OPEN_OPTIONS: Readonly<Record<keyof OpenOptions, readonly string[]>> = {
  lake: ['string'],
  create: ['boolean'],
  threads: ['number'],
  memoryLimit: ['number', 'string'],
  spillDirectory: ['string'],
  spillLimit: ['number', 'string'],
  cacheLimit: ['number', 'string'],
  warmUp: ['boolean'],
};

const FUNCTION_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  name: ['string'],
  args: ['object'],
  module: ['string', 'object'],
  export: ['string'],
  implementation: ['function', 'object'],
  callOnNull: ['boolean'],
  volatility: ['string'],
};

async function openSingleStatement(
  session: Session,
  sql: string,
  parameters: readonly ParameterValue[],
): Promise<OpenStatement> {
  const [statement, extra]: readonly ParsedStatement[] = session.parse(sql);
  if (statement === undefined) throw userError('42601', 'syntax error at end of input', { position: sql.length });
  if (extra !== undefined) {
    throw userError('42601', 'cannot insert multiple commands into a prepared statement', {
      position: extra.offset,
      hint: 'Send one statement at a time, or use run().',
    });
  }
  return await OpenStatement.open(session, statement, parameters, () => ({ kind: 'arrow' }));
}
