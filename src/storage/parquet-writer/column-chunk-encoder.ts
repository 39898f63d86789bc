import { notSupportedError, userError } from '../../common/errors.js';
import { byteWidthOf } from '../../types/sql-type.js';
import { type ColumnBounds, computeBounds, encodeBounds } from './column-bounds.js';
import type { ColumnBuffer } from './column-buffer.js';
import { type ColumnChunkMetadata, encodeDataPageHeader, encodeDictionaryPageHeader } from './file-metadata.js';
import type { FileOutput } from './file-output.js';
import type { PageCompressor } from './page-compressor.js';
import { ParquetEncoding } from './parquet-format.js';
import type { WriterWorkspace } from './writer-workspace.js';

/** A dictionary must make the chunk at least this much smaller than PLAIN. */
const MAX_DICTIONARY_SHARE = 0.9;
/** Page sizes are signed 32-bit numbers, and what compresses them must have room too. */
const MAX_PAGE_BYTES = 0x7000_0000;

export interface EncodedChunk {
  readonly metadata: ColumnChunkMetadata;
  /** Undefined when there are none, or no values. */
  readonly bounds: ColumnBounds | undefined;
}

interface PageRows {
  readonly row: number;
  readonly rowCount: number;
  /** Values before the page's first, and in the page. */
  readonly value: number;
  readonly valueCount: number;
  /** Plain mode: where the page's values lie in the buffer. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Writes one collected column as a column chunk: dictionary page, if any, and data pages (version 1). */
export class ColumnChunkEncoder {
  private readonly workspace: WriterWorkspace;
  private readonly output: FileOutput;
  private readonly compress: PageCompressor;
  private readonly codec: number;
  private readonly dataPageBytes: number;
  private uncompressedByteLength = 0;
  private compressedByteLength = 0;

  constructor(
    workspace: WriterWorkspace,
    output: FileOutput,
    compress: PageCompressor,
    codec: number,
    dataPageBytes: number,
  ) {
    this.workspace = workspace;
    this.output = output;
    this.compress = compress;
    this.codec = codec;
    this.dataPageBytes = dataPageBytes;
  }

  async encode(buffer: ColumnBuffer): Promise<EncodedChunk> {
    if (buffer.dictionary !== undefined && !this.isDictionaryWorthwhile(buffer)) buffer.fallBackToPlain();
    this.uncompressedByteLength = 0;
    this.compressedByteLength = 0;
    const bounds = this.boundsOf(buffer);
    let dictionaryPageOffset: number | undefined;
    const distinctCount = buffer.dictionary?.entryCount;
    if (buffer.dictionary !== undefined) {
      dictionaryPageOffset = this.output.offset;
      this.writeDictionaryPage(buffer);
    }
    const dataPageOffset = this.output.offset;
    let dataPageCount = 0;
    for (let row = 0, value = 0, byteOffset = 0; row < buffer.rowCount; ) {
      const page = this.cutPage(buffer, row, value, byteOffset);
      this.writeDataPage(buffer, page);
      if (this.output.isFull) await this.output.drain();
      row += page.rowCount;
      value += page.valueCount;
      byteOffset += page.byteLength;
      dataPageCount++;
    }
    const metadata: ColumnChunkMetadata = {
      rowCount: buffer.rowCount,
      nullCount: buffer.rowCount - buffer.valueCount,
      distinctCount,
      bounds: bounds && encodeBounds(bounds, buffer.column.type),
      codec: this.codec,
      uncompressedByteLength: this.uncompressedByteLength,
      compressedByteLength: this.compressedByteLength,
      dictionaryPageOffset,
      dataPageOffset,
      dataPageCount,
    };
    return { metadata, bounds };
  }

  private isDictionaryWorthwhile(buffer: ColumnBuffer): boolean {
    const dictionary = buffer.dictionary!;
    const { type } = buffer.column;
    const { entryCount } = dictionary;
    if (buffer.valueCount === 0) return false;
    const isString = type.physical === 'string';
    const entryBytes = isString ? dictionary.entryBytes : entryCount * type.storedWidth;
    const encodedBytes = entryBytes + (buffer.valueCount * bitWidthFor(entryCount)) / 8;
    const plainBytes = isString
      ? this.workspace.kernels.plainEntryBytes(
          dictionary.entriesPointer,
          dictionary.offsetsPointer,
          buffer.codes.pointer,
          buffer.valueCount,
        )
      : buffer.valueCount * type.storedWidth;
    return encodedBytes < plainBytes * MAX_DICTIONARY_SHARE;
  }

  private boundsOf(buffer: ColumnBuffer): ColumnBounds | undefined {
    const { kernels, shared, results } = this.workspace;
    const source = buffer.dictionary?.entriesPointer ?? buffer.values.pointer;
    const count = buffer.dictionary?.entryCount ?? buffer.valueCount;
    if (count === 0) return undefined;
    return computeBounds(kernels, shared, buffer.column.type, source, count, results);
  }

  private cutPage(buffer: ColumnBuffer, row: number, value: number, byteOffset: number): PageRows {
    const { kernels, shared, results } = this.workspace;
    const levels = buffer.levels.byteLength === 0 ? 0 : buffer.levels.pointer + row;
    const rowsLeft = buffer.rowCount - row;
    if (buffer.dictionary === undefined && buffer.column.type.physical === 'string') {
      const source = buffer.values.pointer + byteOffset;
      kernels.cutPlainStrings(source, levels, rowsLeft, this.dataPageBytes, results);
      const [rowCount, valueCount, byteLength] = shared.u32.subarray(results / 4, results / 4 + 3) as unknown as [
        number,
        number,
        number,
      ];
      return { row, rowCount, value, valueCount, byteOffset, byteLength };
    }
    const rowCount = Math.min(rowsLeft, this.rowsPerPage(buffer));
    const valueCount = levels === 0 ? rowCount : kernels.countOnes(levels, rowCount);
    const byteLength = buffer.dictionary === undefined ? valueCount * byteWidthOf(buffer.column.type.physical) : 0;
    return { row, rowCount, value, valueCount, byteOffset, byteLength };
  }

  /** As many as fit if none is NULL, a multiple of 8. */
  private rowsPerPage(buffer: ColumnBuffer): number {
    const { type } = buffer.column;
    const plainBits = type.physical === 'bool' ? 1 : type.storedWidth * 8;
    const bits = buffer.dictionary === undefined ? plainBits : bitWidthFor(buffer.dictionary.entryCount);
    return Math.max(8, Math.floor(this.dataPageBytes / bits) * 8);
  }

  private writeDictionaryPage(buffer: ColumnBuffer): void {
    const dictionary = buffer.dictionary!;
    const { page, pool } = this.workspace;
    pool.reserve(page, dictionary.entryBytes);
    const source = dictionary.entriesPointer;
    const count = dictionary.entryCount;
    const byteLength = this.writeValues(buffer, source, count, dictionary.entryBytes, page.pointer);
    this.writePage(byteLength, (compressed) => encodeDictionaryPageHeader(count, byteLength, compressed));
  }

  private writeDataPage(buffer: ColumnBuffer, rows: PageRows): void {
    const { kernels, page, pool, shared } = this.workspace;
    const { dictionary } = buffer;
    const levelBytes = rows.rowCount / 4 + 128;
    const valueBytes = dictionary === undefined ? rows.byteLength : rows.valueCount * 5 + 128;
    if (valueBytes > MAX_PAGE_BYTES) {
      throw notSupportedError(`a value in column "${buffer.column.name}" is too large for a Parquet page`, {
        hint: 'Values of up to 1.75 GiB can be stored.',
      });
    }
    pool.reserve(page, Math.ceil(levelBytes + valueBytes));
    let byteLength = 0;
    if (buffer.column.nullable) byteLength = this.writeLevels(buffer, rows);
    const target = page.pointer + byteLength;
    let encoding: number = ParquetEncoding.PLAIN;
    if (dictionary === undefined) {
      const source = buffer.values.pointer + rows.byteOffset;
      byteLength += this.writeValues(buffer, source, rows.valueCount, rows.byteLength, target);
    } else {
      encoding = ParquetEncoding.PLAIN_DICTIONARY;
      const bitWidth = bitWidthFor(dictionary.entryCount);
      shared.u8[target] = bitWidth;
      const codes = buffer.codes.pointer + rows.value * 4;
      byteLength += 1 + kernels.encodeHybrid32(codes, rows.valueCount, bitWidth, target + 1);
    }
    this.writePage(byteLength, (compressed) => encodeDataPageHeader(rows.rowCount, encoding, byteLength, compressed));
  }

  /** Definition levels: u32 byteLength, then the RLE / bit-packed hybrid with one bit a row. */
  private writeLevels(buffer: ColumnBuffer, rows: PageRows): number {
    const { kernels, page, shared } = this.workspace;
    const target = page.pointer + 4;
    let byteLength = 0;
    if (buffer.levels.byteLength > 0) {
      byteLength = kernels.encodeHybridBits(buffer.levels.pointer + rows.row, rows.rowCount, target);
    } else {
      // One run of ones.
      for (let rest = rows.rowCount * 2; rest > 0; rest = Math.floor(rest / 128)) {
        shared.u8[target + byteLength++] = (rest % 128) | (rest >= 128 ? 128 : 0);
      }
      shared.u8[target + byteLength++] = 1;
    }
    shared.view.setUint32(page.pointer, byteLength, true);
    return 4 + byteLength;
  }

  /** Values of the physical type as the file has them; returns the byte length. */
  private writeValues(buffer: ColumnBuffer, source: number, count: number, byteLength: number, target: number): number {
    const { kernels, shared } = this.workspace;
    switch (buffer.column.type.conversion) {
      case 'none':
        shared.u8.copyWithin(target, source, source + byteLength);
        return byteLength;
      case 'pack-bits':
        return kernels.packBooleans(source, count, target);
      case 'narrow':
        kernels.narrowI64(source, count, target);
        return count * 4;
      case 'reverse':
        kernels.reverseBytes16(source, count, target);
        return count * 16;
      case 'interval':
        if (kernels.encodeIntervals(source, count, target) >= 0) {
          throw userError('22008', `an interval in column "${buffer.column.name}" cannot be stored in Parquet`, {
            detail: 'Parquet intervals have no negative parts, and times of at most 49 days.',
            hint: 'Store it as a number, for example extract(epoch from …).',
          });
        }
        return count * 12;
    }
  }

  /** Compresses the first `byteLength` bytes of the page scratch and writes them behind their header. */
  private writePage(byteLength: number, header: (compressedByteLength: number) => Uint8Array): void {
    const body = this.compress(this.workspace.page.pointer, byteLength);
    const headerBytes = header(body.length);
    this.output.push(headerBytes);
    this.output.push(body);
    this.uncompressedByteLength += headerBytes.length + byteLength;
    this.compressedByteLength += headerBytes.length + body.length;
  }
}

function bitWidthFor(entryCount: number): number {
  return Math.max(1, 32 - Math.clz32(entryCount - 1));
}
