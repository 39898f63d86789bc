import { corruptError, notSupportedError } from '../../common/errors.js';
import { HYBRID_STATE_BYTES } from '../../kernels/hybrid-kernels.js';
import { allocateClaimed } from './page-decompressor.js';
import type { PageEnvironment } from './page-environment.js';
import type { Page } from './page-header.js';
import { ReusableBuffer } from './reusable-buffer.js';
import { convertValues, storedWidthOf, vectorWidthOf } from './value-decoder.js';

/**
 * How the present page's values (NULLs left out) are read on:
 *
 * - `fixed`    vector values at `pointer`, `next` of `count` already consumed
 * - `strings`  length-prefixed strings from `pointer` to `end`
 * - `codes`    a stream of dictionary codes
 * - `bits`     booleans, bit number `next` of `count` on, from `pointer`
 * - `runs`     booleans as a stream of bit width 1
 */
export type ValuesKind = 'fixed' | 'strings' | 'codes' | 'bits' | 'runs';

/** The present data page of a column: its levels and values, decompressed and ready to be read on. */
export class PageValues {
  kind: ValuesKind = 'fixed';
  pointer = 0;
  end = 0;
  next = 0;
  count = 0;
  /** State of the stream of definition levels, if `hasLevels`. */
  readonly levels: number;
  hasLevels = false;
  /** State of the stream of repetition levels, of leaves of nested columns. */
  readonly repetitions: number;
  /** State of the stream of `codes` or `runs`. */
  readonly stream: number;

  private readonly env: PageEnvironment;
  private readonly pageBuffer: ReusableBuffer;
  private readonly decodedBuffer: ReusableBuffer;
  /** For what is needed beside the page and the decoded values: lengths, stored values before their conversion. */
  private readonly asideBuffer: ReusableBuffer;
  /** Strings are not copied: pages that hold them stay until the row group is released. */
  private readonly keepsPages: boolean;

  constructor(env: PageEnvironment) {
    this.env = env;
    this.levels = env.scope.allocate(HYBRID_STATE_BYTES);
    this.stream = env.scope.allocate(HYBRID_STATE_BYTES);
    this.repetitions = env.scope.allocate(HYBRID_STATE_BYTES);
    this.pageBuffer = new ReusableBuffer(env.scope);
    this.decodedBuffer = new ReusableBuffer(env.scope);
    this.asideBuffer = new ReusableBuffer(env.scope);
    const { storage, conversion } = env.column;
    this.keepsPages = conversion === 'fixed-to-string' || (storage === 'BYTE_ARRAY' && conversion === 'none');
  }

  load(page: Page): void {
    const isDictionary = isDictionaryEncoded(page);
    const keep = this.keepsPages && !isDictionary && page.encoding !== 'DELTA_BYTE_ARRAY';
    let position: number;
    let end: number;
    if (page.kind === 'data-v2') {
      const levelBytes = page.repetitionByteLength + page.definitionByteLength;
      const { pointer, repetitionByteLength } = page;
      this.startStream(
        this.repetitions,
        pointer,
        pointer + repetitionByteLength,
        bitsOf(this.env.levels?.repetition ?? 0),
      );
      this.startLevels(pointer + repetitionByteLength, page.definitionByteLength);
      const byteLength = page.uncompressedByteLength - levelBytes;
      position = page.pointer + levelBytes;
      if (page.isCompressed && byteLength > 0) position = this.decompress(page, levelBytes, keep);
      else this.copyToImage(page, page.byteLength);
      end = position + (page.isCompressed ? byteLength : page.byteLength - levelBytes);
    } else {
      position = this.decompress(page, 0, keep);
      end = position + page.uncompressedByteLength;
      const { levels, column } = this.env;
      if (levels !== undefined && levels.repetition > 0) {
        position = this.startPrefixed(page, position, end, this.repetitions, bitsOf(levels.repetition));
      }
      if (levels === undefined ? column.nullable : levels.definition > 0) {
        position = this.startPrefixed(page, position, end, this.levels, this.levelBits);
      }
    }
    this.hasLevels = this.env.column.nullable;
    this.env.image?.noteLoaded(page);
    this.startValues(page, position, end);
  }

  /** Decodes a dictionary page to vector values; returns their address. */
  loadDictionary(page: Page): number {
    const { scope, kernels, column, shared, decompressor, image } = this.env;
    if (page.encoding !== 'PLAIN' && page.encoding !== 'PLAIN_DICTIONARY') {
      throw corruptError(`the dictionary has the encoding ${page.encoding}`);
    }
    const start = decompressor.decompress(page.pointer, page.byteLength, page.uncompressedByteLength, (byteLength) =>
      image === undefined ? allocateClaimed(scope, byteLength) : image.bodyOf(page),
    );
    image?.noteLoaded(page);
    const { rowCount: count, uncompressedByteLength } = page;
    if (column.storage === 'BOOLEAN') throw corruptError('a boolean column has a dictionary');
    if (column.storage === 'BYTE_ARRAY') {
      if (count * 4 > uncompressedByteLength) throw corruptError('the dictionary is too short');
      const views = allocateClaimed(scope, (count + 1) * 16);
      if (kernels.plainStringViews(start, start + uncompressedByteLength, count, views) >>> 0 === 0) {
        throw corruptError('the dictionary is malformed');
      }
      shared.u8.fill(0, views + count * 16, views + count * 16 + 16);
      if (column.conversion === 'none') return views;
      const values = allocateClaimed(scope, count * vectorWidthOf(column));
      convertValues(kernels, column, views, count, values);
      return values;
    }
    if (count * storedWidthOf(column) > uncompressedByteLength) throw corruptError('the dictionary is too short');
    if (column.conversion === 'none') return start;
    const values = allocateClaimed(scope, count * vectorWidthOf(column));
    convertValues(kernels, column, start, count, values);
    return values;
  }

  /** The values of a page behind its levels, where these are not compressed. */
  private decompress(page: Page, levelBytes: number, keep: boolean): number {
    const { scope, decompressor, image } = this.env;
    const [byteLength, uncompressed] = [page.byteLength - levelBytes, page.uncompressedByteLength - levelBytes];
    this.copyToImage(page, levelBytes);
    return decompressor.decompress(page.pointer + levelBytes, byteLength, uncompressed, (length) => {
      if (image !== undefined) return image.bodyOf(page) + levelBytes;
      return keep ? allocateClaimed(scope, length) : this.pageBuffer.allocate(length);
    });
  }

  /** What is not compressed of a page is read where it lies, and copied where the page is to be kept. */
  private copyToImage(page: Page, byteLength: number): void {
    const { image, shared } = this.env;
    if (image === undefined) return;
    const end = page.pointer + Math.min(byteLength, page.uncompressedByteLength);
    shared.u8.copyWithin(image.bodyOf(page), page.pointer, end);
  }

  private startPrefixed(page: Page, position: number, end: number, state: number, bits: number): number {
    if (page.levelEncoding !== 'RLE') {
      throw notSupportedError(`levels in the encoding ${page.levelEncoding} cannot be read`);
    }
    const byteLength = end - position < 4 ? -1 : this.env.shared.view.getUint32(position, true);
    if (byteLength < 0 || byteLength > end - position - 4) throw corruptError('its levels are cut off');
    this.startStream(state, position + 4, position + 4 + byteLength, bits);
    return position + 4 + byteLength;
  }

  private startLevels(position: number, byteLength: number): void {
    this.startStream(this.levels, position, position + byteLength, this.levelBits);
  }

  private get levelBits(): number {
    return this.env.levels === undefined ? 1 : bitsOf(this.env.levels.definition);
  }

  private startStream(state: number, position: number, end: number, bitWidth: number): void {
    const { u32 } = this.env.shared;
    const at = state >>> 2;
    u32[at] = position;
    u32[at + 1] = end;
    u32[at + 2] = bitWidth;
    // Values without bits need no runs: one that never ends stands for them.
    u32[at + 3] = bitWidth === 0 ? 0xffffffff : 0;
    u32[at + 4] = 0;
    u32[at + 5] = 0;
    u32[at + 6] = 0;
  }

  private startValues(page: Page, position: number, end: number): void {
    const { column } = this.env;
    if (isDictionaryEncoded(page)) {
      this.kind = 'codes';
      // A page without values may lack even the bit width.
      const bitWidth = position < end ? this.env.shared.u8[position]! : 0;
      if (bitWidth > 32) throw corruptError(`its codes have ${bitWidth} bits`);
      this.startStream(this.stream, Math.min(position + 1, end), end, bitWidth);
      return;
    }
    switch (page.encoding) {
      case 'PLAIN':
        this.startPlain(position, end, page.rowCount);
        return;
      case 'RLE':
        if (column.storage === 'BOOLEAN') {
          this.startBooleanRuns(position, end);
          return;
        }
        break;
      case 'DELTA_BINARY_PACKED':
        if (column.storage === 'INT32' || column.storage === 'INT64') {
          this.startDelta(position, end, page.rowCount);
          return;
        }
        break;
      case 'DELTA_LENGTH_BYTE_ARRAY':
        if (column.storage === 'BYTE_ARRAY') {
          this.startDeltaLength(position, end, page.rowCount);
          return;
        }
        break;
      case 'DELTA_BYTE_ARRAY':
        if (column.storage === 'BYTE_ARRAY' || column.storage === 'FIXED_LEN_BYTE_ARRAY') {
          this.startDeltaStrings(position, end, page.rowCount);
          return;
        }
        break;
      case 'BYTE_STREAM_SPLIT':
        if (storedWidthOf(column) > 0) {
          this.startByteStreams(position, end, page.rowCount);
          return;
        }
        break;
    }
    throw notSupportedError(`the encoding ${page.encoding} of ${column.storage} cannot be read`);
  }

  private startPlain(position: number, end: number, rowCount: number): void {
    const { column } = this.env;
    if (column.storage === 'BOOLEAN') {
      this.kind = 'bits';
      this.pointer = position;
      this.next = 0;
      this.count = Math.min((end - position) * 8, rowCount);
    } else if (column.storage === 'BYTE_ARRAY' && column.conversion === 'none') {
      this.kind = 'strings';
      this.pointer = position;
      this.end = end;
    } else if (column.storage === 'BYTE_ARRAY') {
      this.startPlainDecimals(position, end, rowCount);
    } else {
      const count = Math.min(Math.floor((end - position) / storedWidthOf(column)), rowCount);
      this.startStored(position, count);
    }
  }

  /** Decimals as strings: how many there are is only known at the end of the page. */
  private startPlainDecimals(position: number, end: number, rowCount: number): void {
    const { kernels } = this.env;
    const { view } = this.env.shared;
    const views = this.asideBuffer.allocate(Math.min(rowCount, (end - position) >> 2) * 16);
    let count = 0;
    for (let from = position; from < end && count < rowCount; count++) {
      const length = end - from < 4 ? -1 : view.getUint32(from, true);
      if (length < 0 || length > end - from - 4) throw corruptError('a value is cut off');
      view.setUint32(views + count * 16, length, true);
      view.setUint32(views + count * 16 + 4, from + 4, true);
      from += 4 + length;
    }
    const values = this.decodedBuffer.allocate(count * vectorWidthOf(this.env.column));
    convertValues(kernels, this.env.column, views, count, values);
    this.startFixed(values, count);
  }

  private startBooleanRuns(position: number, end: number): void {
    const byteLength = end - position < 4 ? -1 : this.env.shared.view.getUint32(position, true);
    if (byteLength < 0 || byteLength > end - position - 4) throw corruptError('its values are cut off');
    this.kind = 'runs';
    this.startStream(this.stream, position + 4, position + 4 + byteLength, 1);
  }

  private startDelta(position: number, end: number, rowCount: number): void {
    const { column } = this.env;
    const stored = this.asideBuffer.allocate(rowCount * storedWidthOf(column));
    const { count } = this.decodeDelta(position, end, rowCount, column.storage === 'INT64', stored);
    this.startStored(stored, count);
  }

  private decodeDelta(
    position: number,
    end: number,
    rowCount: number,
    isWide: boolean,
    target: number,
  ): { count: number; position: number } {
    const { kernels, scratch, shared } = this.env;
    if (kernels.deltaDecode(position, end, rowCount, isWide ? 1 : 0, target, scratch.result) < 0) {
      throw corruptError('its delta encoding is malformed');
    }
    const at = scratch.result >>> 2;
    return { count: shared.u32[at]!, position: shared.u32[at + 1]! };
  }

  private startDeltaLength(position: number, end: number, rowCount: number): void {
    const { kernels } = this.env;
    const lengths = this.asideBuffer.allocate(rowCount * 4);
    const decoded = this.decodeDelta(position, end, rowCount, false, lengths);
    const views = this.decodedBuffer.allocate((decoded.count + 1) * 16);
    if (kernels.adjacentStringViews(lengths, decoded.count, decoded.position, end, views) < 0) {
      throw corruptError('its strings are cut off');
    }
    this.startViews(views, decoded.count);
  }

  private startDeltaStrings(position: number, end: number, rowCount: number): void {
    const { kernels, scope, column } = this.env;
    const prefixes = this.asideBuffer.allocate(rowCount * 8);
    const suffixes = prefixes + rowCount * 4;
    const decodedPrefixes = this.decodeDelta(position, end, rowCount, false, prefixes);
    const decoded = this.decodeDelta(decodedPrefixes.position, end, rowCount, false, suffixes);
    const total = kernels.prefixedStringBytes(prefixes, suffixes, decoded.count);
    if (total < 0 || decoded.count !== decodedPrefixes.count) throw corruptError('its prefixes are malformed');
    const bytes = allocateClaimed(scope, total);
    const views = this.decodedBuffer.allocate((decoded.count + 1) * 16);
    if (kernels.prefixedStringViews(prefixes, suffixes, decoded.count, decoded.position, end, bytes, views) < 0) {
      throw corruptError('its strings are cut off');
    }
    if (column.storage === 'BYTE_ARRAY') {
      this.startViews(views, decoded.count);
      return;
    }
    if (total !== decoded.count * column.storageWidth) throw corruptError('its values have the wrong length');
    this.startStored(bytes, decoded.count);
  }

  private startByteStreams(position: number, end: number, rowCount: number): void {
    const { kernels, column } = this.env;
    const width = storedWidthOf(column);
    const count = Math.floor((end - position) / width);
    if (count > rowCount) throw corruptError('it has more values than rows');
    const isKept = column.conversion === 'fixed-to-string';
    const joined = isKept ? allocateClaimed(this.env.scope, count * width) : this.asideBuffer.allocate(count * width);
    kernels.joinByteStreams(position, width, count, joined);
    this.startStored(joined, count);
  }

  /** Stored values of fixed width, which are converted at once if need be. */
  private startStored(pointer: number, count: number): void {
    const { kernels, column } = this.env;
    if (column.conversion === 'none') {
      this.startFixed(pointer, count);
      return;
    }
    const width = vectorWidthOf(column);
    const values = this.decodedBuffer.allocate((count + 1) * width);
    convertValues(kernels, column, pointer, count, values);
    if (column.conversion === 'fixed-to-string') this.startViews(values, count);
    else this.startFixed(values, count);
  }

  /** Views of strings; a zero view follows them, since NULL rows may get the value after the last. */
  private startViews(views: number, count: number): void {
    const { kernels, column } = this.env;
    if (column.storage === 'BYTE_ARRAY' && column.conversion !== 'none') {
      const values = this.asideBuffer.allocate((count + 1) * vectorWidthOf(column));
      convertValues(kernels, column, views, count, values);
      this.startFixed(values, count);
      return;
    }
    this.env.shared.u8.fill(0, views + count * 16, views + count * 16 + 16);
    this.startFixed(views, count);
  }

  private startFixed(pointer: number, count: number): void {
    this.kind = 'fixed';
    this.pointer = pointer;
    this.next = 0;
    this.count = count;
  }
}

export function isDictionaryEncoded(page: Page): boolean {
  return page.encoding === 'RLE_DICTIONARY' || page.encoding === 'PLAIN_DICTIONARY';
}

/** Bits of a level. */
function bitsOf(maximum: number): number {
  return 32 - Math.clz32(maximum);
}
