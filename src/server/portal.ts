import { skipDataRows } from '../exec/result/data-rows.js';
import type {
  CommandCompletion,
  CopyInput,
  Execution,
  FormatCode,
  ParameterValue,
  PreparedStatement,
  ResultChunk,
  Session,
} from '../session/session.js';

export type PortalOutcome =
  | { readonly kind: 'suspended' }
  | { readonly kind: 'completed'; readonly completion: CommandCompletion };

/** How COPY speaks with the client. */
export interface CopyProtocol {
  takeInput(columnCount: number): Promise<CopyInput>;
  beginOutput(columnCount: number): void;
  endOutput(): void;
}

/**
 * A bound statement, run in as many Executes as the client likes. It starts with the first one; a chunk that a row
 * limit cuts is kept until the next.
 */
export class Portal {
  readonly prepared: PreparedStatement;
  readonly formatCodes: readonly FormatCode[];
  private readonly parameters: readonly ParameterValue[];
  private execution: Execution | undefined;
  private chunks: AsyncIterator<ResultChunk> | undefined;
  private pending: { bytes: Uint8Array; offset: number; rowCount: number } | undefined;
  private completion: CommandCompletion | undefined;
  private suspendedBefore = false;
  private copyInput: CopyInput | undefined;

  constructor(prepared: PreparedStatement, parameters: readonly ParameterValue[], formatCodes: readonly FormatCode[]) {
    this.prepared = prepared;
    this.parameters = parameters;
    this.formatCodes = formatCodes;
  }

  get isCompleted(): boolean {
    return this.completion !== undefined;
  }

  /**
   * Sends up to `maxRows` rows (0: all) through `send`, which waits while the client is slow. `copy` is told when a COPY
   * to or from the client begins: to take what it sends, or before and after what it gets.
   */
  async run(
    session: Session,
    maxRows: number,
    send: (rows: Uint8Array) => Promise<void>,
    copy: CopyProtocol,
  ): Promise<PortalOutcome> {
    if (this.completion !== undefined) return { kind: 'completed', completion: { ...this.completion, rowCount: 0 } };
    this.execution ??= await this.begin(session, copy);
    const { copyOut } = this.execution;
    if (copyOut !== undefined) copy.beginOutput(copyOut.columnCount);
    this.chunks ??= this.execution.chunks();
    const limit = maxRows > 0 && this.prepared.columns !== undefined ? maxRows : Number.POSITIVE_INFINITY;
    let sent = 0;
    while (sent < limit) {
      if (!(await this.pull())) {
        if (copyOut !== undefined) copy.endOutput();
        return { kind: 'completed', completion: this.complete(sent) };
      }
      const part = this.takeRows(limit - sent);
      sent += part.rowCount;
      await send(part.bytes);
    }
    this.suspendedBefore = true;
    return { kind: 'suspended' };
  }

  private async begin(session: Session, copy: CopyProtocol): Promise<Execution> {
    const { prepared, parameters, formatCodes } = this;
    const { copyIn } = prepared;
    this.copyInput = copyIn && (await copy.takeInput(copyIn.columnCount));
    const format = { kind: 'postgres', formatCodes, takesCopies: true } as const;
    return await session.execute(prepared, parameters, format, this.copyInput);
  }

  async close(): Promise<void> {
    const execution = this.execution;
    this.execution = undefined;
    this.pending = undefined;
    await execution?.close();
    await this.copyInput?.remove();
  }

  /** Makes `pending` hold rows; false at the end. */
  private async pull(): Promise<boolean> {
    while (this.pending === undefined) {
      const next = await this.chunks!.next();
      if (next.done) return false;
      const { bytes, rowCount } = next.value;
      if (bytes.length > 0) this.pending = { bytes, offset: 0, rowCount };
    }
    return true;
  }

  private takeRows(maxRows: number): { bytes: Uint8Array; rowCount: number } {
    const { bytes, offset, rowCount } = this.pending!;
    if (rowCount <= maxRows || this.execution?.copyOut !== undefined) {
      this.pending = undefined;
      return { bytes: offset === 0 ? bytes : bytes.subarray(offset), rowCount };
    }
    const end = skipDataRows(bytes, offset, maxRows);
    this.pending = { bytes, offset: end, rowCount: rowCount - maxRows };
    return { bytes: bytes.subarray(offset, end), rowCount: maxRows };
  }

  /** After a suspension the tag counts the rows of the last Execute only, as PostgreSQL's does. */
  private complete(sent: number): CommandCompletion {
    const completion = this.execution!.completion();
    this.completion = completion;
    return this.suspendedBefore && this.prepared.columns !== undefined ? { ...completion, rowCount: sent } : completion;
  }
}
