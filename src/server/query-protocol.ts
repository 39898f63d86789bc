import { notSupportedError, userError } from '../common/errors.js';
import type { CopyInput, FormatCode, PreparedStatement, Session } from '../session/session.js';
import { POSTGRES_TYPES, sqlTypeOfOid, typeOidOf } from '../types/postgres-types.js';
import type { SqlType } from '../types/sql-type.js';
import { type CopyProtocol, Portal } from './portal.js';
import {
  writeBare,
  writeCommandComplete,
  writeCopyResponse,
  writeErrorResponse,
  writeParameterDescription,
  writeRowDescription,
} from './protocol/backend-messages.js';
import { formatCommandTag } from './protocol/command-tag.js';
import { toErrorFields } from './protocol/error-fields.js';
import type { FrontendMessage, RegularMessage } from './protocol/frontend-messages.js';
import type { MessageWriter } from './protocol/message-writer.js';
import { decodeParameter } from './protocol/parameter-values.js';

/** Where answers go: small messages into the writer, rows past it. */
export interface MessageSink {
  readonly writer: MessageWriter;
  readonly isLost: boolean;
  /** The next message of the client, while one is carried out; undefined when it has left. */
  read(): Promise<FrontendMessage | undefined>;
  send(rows: Uint8Array): Promise<void>;
  flush(): Promise<void>;
  flushIfLarge(): Promise<void>;
}

type MessageOf<Kind extends RegularMessage['kind']> = Extract<RegularMessage, { kind: Kind }>;

/** Parse of a text without a statement: Execute answers EmptyQueryResponse. */
const EMPTY_STATEMENT: PreparedStatement = {
  statement: { text: '', offset: 0, syntax: undefined },
  parameterTypes: [],
  columns: undefined,
};

/** What the protocol remembers of a statement that the session does not. */
interface StatementSource {
  readonly sql: string;
  /** As declared by Parse, 0 for those left to inference. */
  readonly declaredOids: readonly number[];
}

/**
 * The simple and the extended query protocol over a session: statements, portals, and what happens to them after an
 * error (everything up to Sync is skipped) and at the end of a transaction (portals close).
 */
export class QueryProtocol {
  private readonly session: Session;
  private readonly sink: MessageSink;
  private readonly writeReady: () => void;
  private readonly onError: (error: unknown) => void;
  private readonly portals = new Map<string, Portal>();
  private readonly sources = new WeakMap<PreparedStatement, StatementSource>();
  private unnamedStatement: PreparedStatement | undefined;
  private skipsUntilSync = false;
  /** The text that error positions count in. */
  private currentSql = '';

  private readonly copy: CopyProtocol = {
    takeInput: (columnCount) => this.takeCopyInput(columnCount),
    beginOutput: (columnCount) => writeCopyResponse(this.sink.writer, 'out', columnCount),
    endOutput: () => writeBare(this.sink.writer, 'copyDone'),
  };

  /** `writeReady` writes ParameterStatus for what changed, and ReadyForQuery; `onError` is told of every error. */
  constructor(session: Session, sink: MessageSink, writeReady: () => void, onError: (error: unknown) => void) {
    this.session = session;
    this.sink = sink;
    this.writeReady = writeReady;
    this.onError = onError;
  }

  async handle(message: RegularMessage): Promise<void> {
    if (this.skipsUntilSync && message.kind !== 'sync') return;
    const isSimple =
      message.kind === 'query' ||
      message.kind === 'function-call' ||
      (message.kind === 'malformed' && (message.type === 'Q' || message.type === 'F'));
    try {
      await this.dispatch(message);
    } catch (error) {
      await this.fail(error);
      this.skipsUntilSync = !isSimple && message.kind !== 'sync';
    }
    if (isSimple || message.kind === 'sync') {
      if (this.session.transactionStatus === 'I') await this.closePortals();
      this.writeReady();
      await this.sink.flush();
    } else {
      await this.sink.flushIfLarge();
    }
  }

  async closePortals(): Promise<void> {
    const portals = [...this.portals.values()];
    this.portals.clear();
    for (const portal of portals) await portal.close();
  }

  private async dispatch(message: RegularMessage): Promise<void> {
    switch (message.kind) {
      case 'query':
        return this.runSimpleQuery(message.sql);
      case 'parse':
        return this.parse(message);
      case 'bind':
        return this.bind(message);
      case 'describe':
        return this.describe(message);
      case 'execute':
        return this.execute(message);
      case 'close':
        return this.close(message);
      case 'sync':
        return this.sync();
      case 'flush':
        return this.sink.flush();
      case 'copy-data':
      case 'copy-done':
      case 'copy-fail':
        // As PostgreSQL does outside of COPY: a client may still be sending after COPY has failed.
        return;
      case 'function-call':
        throw notSupportedError('function calls through the protocol are not supported', {
          hint: 'Call the function in a SELECT.',
        });
      case 'malformed':
        throw message.error;
      default:
        throw userError('08P01', `unexpected message: ${message.kind}`);
    }
  }

  /** Statements run until one fails; those before it have committed, each by itself. */
  private async runSimpleQuery(sql: string): Promise<void> {
    this.currentSql = sql;
    this.unnamedStatement = undefined;
    await this.closePortal('');
    const { writer } = this.sink;
    const statements = this.session.parse(sql);
    if (statements.length === 0) {
      writeBare(writer, 'emptyQueryResponse');
      return this.session.endStatementGroup('succeeded');
    }
    for (const [index, statement] of statements.entries()) {
      const prepared = await this.session.prepare(statement, []);
      if (prepared.parameterTypes.length > 0) throw userError('42P02', 'there is no parameter $1');
      const formatCodes = (prepared.columns ?? []).map((): FormatCode => 0);
      if (prepared.columns !== undefined) writeRowDescription(writer, prepared.columns, formatCodes);
      const portal = new Portal(prepared, [], formatCodes);
      try {
        const outcome = await portal.run(this.session, 0, (rows) => this.sink.send(rows), this.copy);
        if (index === statements.length - 1) await this.session.endStatementGroup('succeeded');
        if (outcome.kind === 'completed') writeCommandComplete(writer, formatCommandTag(outcome.completion));
      } finally {
        await portal.close();
      }
    }
  }

  /** All that the client sends after CopyInResponse, up to CopyDone. */
  private async takeCopyInput(columnCount: number): Promise<CopyInput> {
    const input = await this.session.openCopyInput();
    try {
      writeCopyResponse(this.sink.writer, 'in', columnCount);
      await this.sink.flush();
      for (;;) {
        const message = await this.sink.read();
        if (message === undefined || message.kind === 'terminate') {
          throw userError('08006', 'unexpected EOF on client connection with an open COPY');
        }
        switch (message.kind) {
          case 'copy-data':
            await input.write(message.bytes);
            break;
          case 'copy-done':
            await input.end();
            return input;
          case 'copy-fail':
            throw userError('57014', `COPY from stdin failed: ${message.message}`);
          // Clients of the extended protocol send Sync with their Execute.
          case 'flush':
          case 'sync':
            break;
          default:
            throw userError('08P01', `unexpected message during COPY from stdin: ${message.kind}`);
        }
      }
    } catch (error) {
      await input.remove();
      throw error;
    }
  }

  private async parse({ name, sql, parameterTypeOids }: MessageOf<'parse'>): Promise<void> {
    this.currentSql = sql;
    const named = this.session.preparedStatements;
    if (name !== '' && named.has(name)) throw userError('42P05', `prepared statement "${name}" already exists`);
    if (name === '') this.unnamedStatement = undefined;
    const statements = this.session.parse(sql);
    if (statements.length > 1) throw userError('42601', 'cannot insert multiple commands into a prepared statement');
    const statement = statements[0];
    const prepared =
      statement === undefined
        ? { ...EMPTY_STATEMENT }
        : await this.session.prepare(statement, parameterTypeOids.map(declaredType));
    this.sources.set(prepared, { sql, declaredOids: parameterTypeOids });
    if (name === '') this.unnamedStatement = prepared;
    else named.set(name, prepared);
    writeBare(this.sink.writer, 'parseComplete');
  }

  private async bind(message: MessageOf<'bind'>): Promise<void> {
    const prepared = this.findStatement(message.statement);
    if (message.portal === '') await this.closePortal('');
    else if (this.portals.has(message.portal)) throw userError('42P03', `cursor "${message.portal}" already exists`);
    const { parameters, parameterFormats, resultFormats } = message;
    const needed = prepared.parameterTypes.length;
    if (parameters.length !== needed) {
      throw userError(
        '08P01',
        `bind message supplies ${parameters.length} parameters, but prepared statement "${message.statement}" requires ${needed}`,
      );
    }
    if (parameterFormats.length > 1 && parameterFormats.length !== parameters.length) {
      throw userError(
        '08P01',
        `bind message has ${parameterFormats.length} parameter formats but ${parameters.length} parameters`,
      );
    }
    const oids = this.parameterOids(prepared);
    const values = parameters.map((bytes, index) =>
      bytes === null ? null : decodeParameter(bytes, oids[index]!, formatAt(parameterFormats, index), index + 1),
    );
    this.portals.set(message.portal, new Portal(prepared, values, resultFormatsOf(prepared, resultFormats)));
    writeBare(this.sink.writer, 'bindComplete');
  }

  private async describe({ target, name }: MessageOf<'describe'>): Promise<void> {
    const { writer } = this.sink;
    const portal = target === 'portal' ? this.findPortal(name) : undefined;
    const prepared = portal?.prepared ?? this.findStatement(name);
    if (portal === undefined) writeParameterDescription(writer, this.parameterOids(prepared));
    if (prepared.columns === undefined) writeBare(writer, 'noData');
    else writeRowDescription(writer, prepared.columns, portal?.formatCodes ?? []);
  }

  private async execute({ portal: name, maxRows }: MessageOf<'execute'>): Promise<void> {
    const portal = this.findPortal(name);
    const { prepared } = portal;
    if (prepared.statement.syntax === undefined && prepared.statement.text === '') {
      return writeBare(this.sink.writer, 'emptyQueryResponse');
    }
    if (portal.isCompleted && prepared.columns === undefined) {
      throw userError('55000', `portal "${name}" cannot be run anymore`);
    }
    const outcome = await portal.run(this.session, maxRows, (rows) => this.sink.send(rows), this.copy);
    if (outcome.kind === 'suspended') writeBare(this.sink.writer, 'portalSuspended');
    else writeCommandComplete(this.sink.writer, formatCommandTag(outcome.completion));
  }

  private async close({ target, name }: MessageOf<'close'>): Promise<void> {
    if (target === 'portal') await this.closePortal(name);
    else if (name === '') this.unnamedStatement = undefined;
    else this.session.preparedStatements.delete(name);
    writeBare(this.sink.writer, 'closeComplete');
  }

  private async sync(): Promise<void> {
    if (this.skipsUntilSync) {
      this.skipsUntilSync = false;
      return;
    }
    if (this.session.transactionStatus === 'I') await this.closePortals();
    await this.session.endStatementGroup('succeeded');
  }

  private async fail(error: unknown): Promise<void> {
    this.onError(error);
    // Nobody is there to be told; only the session has to know.
    if (!this.sink.isLost) writeErrorResponse(this.sink.writer, toErrorFields(error, 'ERROR', this.currentSql));
    await this.closePortals();
    await this.session.endStatementGroup('failed');
  }

  private async closePortal(name: string): Promise<void> {
    const portal = this.portals.get(name);
    this.portals.delete(name);
    await portal?.close();
  }

  private findPortal(name: string): Portal {
    const portal = this.portals.get(name);
    if (portal === undefined) throw userError('34000', `portal "${name}" does not exist`);
    this.currentSql = this.sources.get(portal.prepared)?.sql ?? '';
    return portal;
  }

  private findStatement(name: string): PreparedStatement {
    const prepared = name === '' ? this.unnamedStatement : this.session.preparedStatements.get(name);
    if (prepared === undefined) {
      throw userError(
        '26000',
        name === '' ? 'unnamed prepared statement does not exist' : `prepared statement "${name}" does not exist`,
      );
    }
    this.currentSql = this.sources.get(prepared)?.sql ?? '';
    return prepared;
  }

  /** A declared OID stays as it was declared (name, oid …), though the session knows it by another type. */
  private parameterOids(prepared: PreparedStatement): number[] {
    const declared = this.sources.get(prepared)?.declaredOids ?? [];
    return prepared.parameterTypes.map((type, index) => {
      const oid = declared[index] ?? 0;
      return oid === 0 || oid === POSTGRES_TYPES.unknown.oid ? oidOf(type) : oid;
    });
  }
}

function oidOf(type: SqlType): number {
  return type.kind === 'unknown' ? POSTGRES_TYPES.text.oid : typeOidOf(type);
}

function declaredType(oid: number): SqlType | undefined {
  if (oid === 0 || oid === POSTGRES_TYPES.unknown.oid) return undefined;
  const type = sqlTypeOfOid(oid);
  if (type === undefined) throw notSupportedError(`parameters of the type with OID ${oid} are not supported`);
  return type;
}

/** None: text. One: for all. Otherwise one each. */
function formatAt(formats: readonly number[], index: number): FormatCode {
  const format = formats.length === 1 ? formats[0] : formats[index];
  if (format === undefined || format === 0) return 0;
  if (format === 1) return 1;
  throw userError('22023', `unsupported format code: ${format}`);
}

function resultFormatsOf(prepared: PreparedStatement, formats: readonly number[]): FormatCode[] {
  const columns = prepared.columns ?? [];
  if (formats.length > 1 && formats.length !== columns.length) {
    throw userError(
      '08P01',
      `bind message has ${formats.length} result formats but query has ${columns.length} columns`,
    );
  }
  return columns.map((_, index) => formatAt(formats, index));
}
