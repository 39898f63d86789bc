import type { FormatCode, Notice, ResultColumn, TransactionStatus } from '../../session/session.js';
import { POSTGRES_TYPES, typeModifierOf, typeOidOf } from '../../types/postgres-types.js';
import type { SqlType } from '../../types/sql-type.js';
import type { ErrorFields } from './error-fields.js';
import type { MessageWriter } from './message-writer.js';

/** https://www.postgresql.org/docs/15/protocol-message-formats.html, the messages marked (B) that we send. */

export function writeAuthenticationOk(writer: MessageWriter): void {
  writer.begin('R').int32(0).end();
}

export function writeAuthenticationSasl(writer: MessageWriter, mechanisms: readonly string[]): void {
  writer.begin('R').int32(10);
  for (const mechanism of mechanisms) writer.string(mechanism);
  writer.bytes(Uint8Array.of(0)).end();
}

export function writeAuthenticationSaslContinue(writer: MessageWriter, data: string): void {
  writer.begin('R').int32(11).ascii(data).end();
}

export function writeAuthenticationSaslFinal(writer: MessageWriter, data: string): void {
  writer.begin('R').int32(12).ascii(data).end();
}

/** The newest version that we speak, as `major << 16 | minor`, and the `_pq_.` options that we do not know. */
export function writeNegotiateProtocolVersion(
  writer: MessageWriter,
  version: number,
  unknownOptions: readonly string[],
): void {
  writer.begin('v').int32(version).int32(unknownOptions.length);
  for (const option of unknownOptions) writer.string(option);
  writer.end();
}

export function writeBackendKeyData(writer: MessageWriter, processId: number, secretKey: Uint8Array): void {
  writer.begin('K').int32(processId).bytes(secretKey).end();
}

export function writeParameterStatus(writer: MessageWriter, name: string, value: string): void {
  writer.begin('S').string(name).string(value).end();
}

export function writeReadyForQuery(writer: MessageWriter, status: TransactionStatus): void {
  writer.begin('Z').ascii(status).end();
}

export function writeParameterDescription(writer: MessageWriter, oids: readonly number[]): void {
  writer.begin('t').int16(oids.length);
  for (const oid of oids) writer.uint32(oid);
  writer.end();
}

export function writeRowDescription(
  writer: MessageWriter,
  columns: readonly ResultColumn[],
  formatCodes: readonly FormatCode[],
): void {
  writer.begin('T').int16(columns.length);
  for (const [index, { name, type }] of columns.entries()) {
    const shown: SqlType = type.kind === 'unknown' ? { kind: 'text' } : type;
    const { byteLength } = POSTGRES_TYPES[shown.kind];
    // Which table and column it comes from is not told: 0, 0.
    writer.string(name).int32(0).int16(0).uint32(typeOidOf(shown)).int16(byteLength).int32(typeModifierOf(shown));
    writer.int16(formatCodes[index] ?? 0);
  }
  writer.end();
}

/** COPY begins: columns of text, to or from the client. */
export function writeCopyResponse(writer: MessageWriter, direction: 'in' | 'out', columnCount: number): void {
  writer
    .begin(direction === 'in' ? 'G' : 'H')
    .bytes(Uint8Array.of(0))
    .int16(columnCount);
  for (let column = 0; column < columnCount; column++) writer.int16(0);
  writer.end();
}

export function writeCommandComplete(writer: MessageWriter, tag: string): void {
  writer.begin('C').string(tag).end();
}

/** Messages without a body. */
const BARE_MESSAGES = {
  parseComplete: '1',
  bindComplete: '2',
  closeComplete: '3',
  emptyQueryResponse: 'I',
  noData: 'n',
  portalSuspended: 's',
  copyDone: 'c',
} as const;

export function writeBare(writer: MessageWriter, message: keyof typeof BARE_MESSAGES): void {
  writer.begin(BARE_MESSAGES[message]).end();
}

export function writeErrorResponse(writer: MessageWriter, fields: ErrorFields): void {
  writeFields(writer, 'E', fields);
}

export function writeNoticeResponse(writer: MessageWriter, notice: Notice): void {
  writeFields(writer, 'N', notice);
}

function writeFields(writer: MessageWriter, type: 'E' | 'N', fields: Notice | ErrorFields): void {
  writer.begin(type);
  writer.ascii('S').string(fields.severity);
  writer.ascii('V').string(fields.severity);
  writer.ascii('C').string(fields.code);
  writer.ascii('M').string(fields.message);
  if (fields.detail !== undefined) writer.ascii('D').string(fields.detail);
  if (fields.hint !== undefined) writer.ascii('H').string(fields.hint);
  if ('position' in fields && fields.position !== undefined) writer.ascii('P').string(String(fields.position));
  writer.bytes(Uint8Array.of(0)).end();
}
