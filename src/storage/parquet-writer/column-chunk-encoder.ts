import { notSupportedError } from '../../common/errors.js';
import { byteWidthOf } from '../../types/sql-type.js';
import type { GrowableBuffer } from './buffer-pool.js';
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

interface PageEntries {
  readonly entry: number;
  readonly entryCount: number;
  /** Values before the page's first, and in the page. */
  readonly value: number;
  readonly valueCount: number;
  /** Plain mode: where the page's values lie in the buffer. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Writes one collected leaf as a column chunk: dictionary page, if any, and data pages (version 1). */
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
    for (let entry = 0, value = 0, byteOffset = 0; entry < buffer.entryCount; ) {
      const page = this.cutPage(buffer, entry, value, byteOffset);
      this.writeDataPage(buffer, page);
      if (this.output.isFull) await this.output.drain();
      entry += page.entryCount;
      value += page.valueCount;
      byteOffset += page.byteLength;
      dataPageCount++;
    }
    const metadata: ColumnChunkMetadata = {
      entryCount: buffer.entryCount,
      nullCount: buffer.nullCount,
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

  /** The entries of the next page, which ends where a row does. */
  private cutPage(buffer: ColumnBuffer, entry: number, value: number, byteOffset: number): PageEntries {
    const { kernels, shared, results } = this.workspace;
    const { type, definition } = buffer.column;
    const levels = buffer.levels.byteLength === 0 ? 0 : buffer.levels.pointer + entry;
    const repetitions = buffer.repetitions.byteLength === 0 ? 0 : buffer.repetitions.pointer + entry;
    const left = buffer.entryCount - entry;
    if (buffer.dictionary === undefined && type.physical === 'string') {
      const source = buffer.values.pointer + byteOffset;
      kernels.cutPlainStrings(source, levels, definition, repetitions, left, this.dataPageBytes, results);
      const [entryCount, valueCount, byteLength] = shared.u32.subarray(results / 4, results / 4 + 3) as unknown as [
        number,
        number,
        number,
      ];
      return { entry, entryCount, value, valueCount, byteOffset, byteLength };
    }
    const wanted = Math.min(left, this.entriesPerPage(buffer));
    const entryCount = repetitions === 0 ? wanted : kernels.nextRowEntry(repetitions, wanted, left);
    const valueCount = levels === 0 ? entryCount : kernels.countBytes(levels, entryCount, definition);
    const byteLength = buffer.dictionary === undefined ? valueCount * byteWidthOf(type.physical) : 0;
    return { entry, entryCount, value, valueCount, byteOffset, byteLength };
  }

  /** As many as fit if none is NULL, a multiple of 8. */
  private entriesPerPage(buffer: ColumnBuffer): number {
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

  private writeDataPage(buffer: ColumnBuffer, entries: PageEntries): void {
    const { kernels, page, pool, shared } = this.workspace;
    const { dictionary, column } = buffer;
    const { entryCount, valueCount } = entries;
    const levelBytes = levelLimit(entryCount, column.repetition) + levelLimit(entryCount, column.definition);
    const valueBytes = dictionary === undefined ? entries.byteLength : valueCount * 5 + 128;
    if (valueBytes > MAX_PAGE_BYTES) {
      throw notSupportedError(`a value in column "${column.path.join('.')}" is too large for a Parquet page`, {
        hint: 'Values of up to 1.75 GiB can be stored.',
      });
    }
    pool.reserve(page, Math.ceil(levelBytes + valueBytes));
    let byteLength = this.writeLevels(buffer.repetitions, column.repetition, entries, 0);
    byteLength += this.writeLevels(buffer.levels, column.definition, entries, byteLength);
    const target = page.pointer + byteLength;
    let encoding: number = ParquetEncoding.PLAIN;
    if (dictionary === undefined) {
      const source = buffer.values.pointer + entries.byteOffset;
      byteLength += this.writeValues(buffer, source, valueCount, entries.byteLength, target);
    } else {
      encoding = ParquetEncoding.PLAIN_DICTIONARY;
      const bitWidth = bitWidthFor(dictionary.entryCount);
      shared.u8[target] = bitWidth;
      const codes = buffer.codes.pointer + entries.value * 4;
      byteLength += 1 + kernels.encodeHybrid32(codes, valueCount, bitWidth, target + 1);
    }
    this.writePage(byteLength, (compressed) => encodeDataPageHeader(entryCount, encoding, byteLength, compressed));
  }

  /**
   * Levels up to `maximum`, `offset` bytes behind the beginning of the page: u32 byteLength, then the RLE / bit-packed
   * hybrid. Nothing where there is no level but 0. Returns the byte length.
   */
  private writeLevels(levels: GrowableBuffer, maximum: number, entries: PageEntries, offset: number): number {
    if (maximum === 0) return 0;
    const { kernels, page, shared } = this.workspace;
    const { entry, entryCount } = entries;
    const target = page.pointer + offset + 4;
    let byteLength = 0;
    if (levels.byteLength === 0) {
      // A flat column without NULLs: one run of ones.
      for (let rest = entryCount * 2; rest > 0; rest = Math.floor(rest / 128)) {
        shared.u8[target + byteLength++] = (rest % 128) | (rest >= 128 ? 128 : 0);
      }
      shared.u8[target + byteLength++] = 1;
    } else if (maximum === 1) {
      byteLength = kernels.encodeHybridBits(levels.pointer + entry, entryCount, target);
    } else {
      byteLength = kernels.encodeHybridBytes(levels.pointer + entry, entryCount, levelBits(maximum), target);
    }
    shared.view.setUint32(page.pointer + offset, byteLength, true);
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

function levelBits(maximum: number): number {
  return 32 - Math.clz32(maximum);
}

/** Bytes that the levels of a page may take. */
function levelLimit(entryCount: number, maximum: number): number {
  return maximum === 0 ? 0 : (entryCount * (levelBits(maximum) + 1)) / 8 + 128;
}
