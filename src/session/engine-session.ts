import { canceledError, MillraceError, notSupportedError, userError } from '../common/errors.js';
import { zoneOfSetting } from '../functions/zones/session-zone.js';
import type { Statement } from '../parser/index.js';
import { formatType, type SqlType } from '../types/sql-type.js';
import { openCopyInput } from './copy-input.js';
import { Cursors } from './cursors.js';
import type { Engine, SessionOptions } from './engine.js';
import { parameterConstants } from './parameter-constants.js';
import { parseSearchPath } from './search-path.js';
import type {
  CopyInput,
  Execution,
  Notice,
  ParameterValue,
  ParsedStatement,
  PlanReport,
  PreparedStatement,
  ResultFormat,
  Session,
  TransactionStatus,
} from './session.js';
import { SessionCatalog } from './session-catalog.js';
import { SettingValues } from './setting-values.js';
import { parseDuration } from './settings-registry.js';
import { StatementExecution } from './statement-execution.js';
import type { StatementResult } from './statement-result.js';
import { describeStatement } from './statements/describe-statement.js';
import { executeStatement } from './statements/execute-statement.js';
import type { StatementContext } from './statements/statement-context.js';
import { Transaction, WRITING_COMMANDS } from './transaction.js';

/** A statement that is being prepared or planned. */
interface Planning {
  canceled: MillraceError | undefined;
  /** Stops a query that planning waits for. */
  stop?: (reason: MillraceError) => void;
  ended: Promise<void>;
}

/** One user's conversation with an engine. */
export class EngineSession implements Session {
  readonly settings: SettingValues = new SettingValues();
  readonly preparedStatements: Map<string, PreparedStatement> = new Map();
  readonly transaction: Transaction = new Transaction();
  readonly catalog: SessionCatalog;
  readonly cursors: Cursors = new Cursors();
  readonly user: string;
  readonly database: string;
  readonly mayWriteFiles: boolean;
  private readonly engine: Engine;
  private readonly onClose: () => void;
  private readonly noticeListeners: ((notice: Notice) => void)[] = [];
  private planListener: ((report: PlanReport) => void) | undefined;
  private readonly planning = new Set<Planning>();
  private readonly open = new Set<StatementExecution>();
  private isClosed = false;

  constructor(engine: Engine, options: SessionOptions, onClose: () => void) {
    this.engine = engine;
    this.onClose = onClose;
    this.user = options.user ?? 'millrace';
    this.database = options.database ?? 'lake';
    this.mayWriteFiles = options.mayWriteFiles ?? false;
    this.catalog = new SessionCatalog(engine, {
      searchPath: () => parseSearchPath(this.settings.get('search_path') ?? '', this.user),
      isInBlock: () => this.transaction.isOpen,
    });
    this.settings.setDefault('session_authorization', this.user);
    for (const [name, value] of Object.entries(options.settings ?? {})) this.settings.setDefault(name, value);
  }

  /** As expressions name it; undefined for UTC. */
  get timeZone(): string | undefined {
    return zoneOfSetting(this.settings.get('TimeZone') ?? 'UTC');
  }

  get transactionStatus(): TransactionStatus {
    return this.transaction.status;
  }

  parse(sql: string): readonly ParsedStatement[] {
    return this.engine.texts.parse(sql);
  }

  async prepare(
    statement: ParsedStatement,
    parameterTypes: readonly (SqlType | undefined)[],
  ): Promise<PreparedStatement> {
    this.assertOpen();
    return await this.plan(async (planning) => {
      const described = await describeStatement(this.context(statement), statement.syntax as Statement, parameterTypes);
      if (planning.canceled !== undefined) throw planning.canceled;
      return { statement, ...described };
    });
  }

  async execute(
    prepared: PreparedStatement,
    parameters: readonly ParameterValue[],
    format: ResultFormat,
    copyInput?: CopyInput,
  ): Promise<Execution> {
    this.assertOpen();
    const statement = prepared.statement.syntax as Statement;
    this.assertMayRun(statement);
    return await this.plan(async (planning) => {
      const takesCopies = format.kind === 'postgres' && format.takesCopies === true;
      const onCancel = (stop: (reason: MillraceError) => void): void => {
        planning.stop = stop;
      };
      const context = { ...this.context(prepared.statement), takesCopies, copyInput, onCancel };
      const values = parameterConstants(context, parameters, prepared.parameterTypes);
      const result = await executeStatement(context, statement, values);
      const shown = format.kind === 'postgres' ? { ...format, timeZone: this.timeZone } : format;
      const execution = this.begin(statement, result, prepared.columns, shown);
      if (planning.canceled !== undefined) execution.cancel(planning.canceled);
      return execution;
    });
  }

  /** Fails where the transaction block does not allow the statement. */
  assertMayRun({ kind }: Statement): void {
    this.transaction.assertMayRun(kind);
    const command = WRITING_COMMANDS[kind];
    if (command !== undefined) this.assertMayWrite(command);
  }

  /** Fails (25006) in a read-only transaction. */
  assertMayWrite(command: string): void {
    const setting = this.transaction.isOpen ? 'transaction_read_only' : 'default_transaction_read_only';
    if (this.settings.get(setting) !== 'on') return;
    throw userError('25006', `cannot execute ${command} in a read-only transaction`, {
      hint: 'Begin the block without READ ONLY, or SET default_transaction_read_only TO off.',
    });
  }

  async openCopyInput(): Promise<CopyInput> {
    return await openCopyInput(this.engine.scratchDirectory);
  }

  private begin(
    statement: Statement,
    result: StatementResult,
    columns: PreparedStatement['columns'],
    format: ResultFormat,
  ): StatementExecution {
    const { executor } = this.engine;
    const { catalog } = this;
    const readsOnly = statement.kind === 'queryStatement';
    if (!readsOnly) catalog.forgetRelations();
    assertSameColumns(result, columns);
    const timeoutMs = parseDuration(this.settings.get('statement_timeout') ?? '0') ?? 0;
    let timer: NodeJS.Timeout | undefined;
    const onEnd = (): void => {
      clearTimeout(timer);
      this.open.delete(execution);
      if (!readsOnly) catalog.forgetRelations();
    };
    const execution = new StatementExecution(executor, result, columns, format, { onEnd, onPlan: this.planListener });
    this.open.add(execution);
    if (timeoutMs > 0) timer = setTimeout(() => execution.cancel(timeoutError()), timeoutMs);
    return execution;
  }

  /** While `work` runs it can be canceled, as far as it looks, and `close` waits for it. */
  private async plan<Result>(work: (planning: Planning) => Promise<Result>): Promise<Result> {
    const planning: Planning = { canceled: undefined, ended: Promise.resolve() };
    const result = work(planning);
    planning.ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.planning.add(planning);
    try {
      return await result;
    } finally {
      this.planning.delete(planning);
    }
  }

  private assertOpen(): void {
    if (this.isClosed) throw userError('57P01', 'the session is closed');
  }

  async endStatementGroup(outcome: 'succeeded' | 'failed'): Promise<void> {
    if (outcome === 'failed') this.transaction.fail();
  }

  cancel(): void {
    this.cancelAll(canceledError());
  }

  private cancelAll(reason: MillraceError): void {
    for (const planning of this.planning) {
      planning.canceled ??= reason;
      planning.stop?.(reason);
    }
    for (const execution of this.open) execution.cancel(reason);
  }

  onPlan(listener: (report: PlanReport) => void): void {
    this.planListener = listener;
  }

  onNotice(listener: (notice: Notice) => void): void {
    this.noticeListeners.push(listener);
  }

  notify(notice: Notice): void {
    for (const listener of this.noticeListeners) listener(notice);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.cancelAll(userError('57P01', 'the session is closed'));
    await Promise.all([...this.planning].map((planning) => planning.ended));
    await Promise.all([...this.open].map((execution) => execution.close()));
    await this.cursors.closeAll();
    await this.catalog.abortBlock();
    await this.catalog.dropTemporary();
    this.onClose();
  }

  private context(statement: ParsedStatement): StatementContext {
    return { engine: this.engine, session: this, sql: statement.text, sqlOffset: statement.offset };
  }
}

/** A table may have changed since its reader was prepared, and the client was told of other columns. */
function assertSameColumns(result: StatementResult, columns: PreparedStatement['columns']): void {
  if (result.kind !== 'rows' || columns === undefined) return;
  const actual = result.plan.columns;
  const isSame =
    actual.length === columns.length &&
    actual.every(({ type }, index) => formatType(type) === formatType(columns[index]!.type));
  if (isSame) return;
  throw notSupportedError('cached plan must not change result type', {
    hint: 'A table of the query has changed: prepare the statement anew.',
  });
}

function timeoutError(): MillraceError {
  return new MillraceError('user', '57014', 'canceling statement due to statement timeout', {
    hint: 'Raise it with SET statement_timeout, or lift it with 0.',
  });
}
