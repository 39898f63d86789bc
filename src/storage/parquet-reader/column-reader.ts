import { bugError, corruptError, type MillraceError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { ColumnDictionary, ColumnSource, ColumnTarget } from './column-source.js';
import { reportingPlace, withPlace } from './corruption-place.js';
import type { DecodeScratch } from './decode-scratch.js';
import type { PageEnvironment } from './page-environment.js';
import type { ChunkPages, Page } from './page-header.js';
import { isDictionaryEncoded, PageValues } from './page-values.js';
import { vectorWidthOf } from './value-decoder.js';
import { type WidthKernels, widthKernelsOf } from './width-kernels.js';

/** Up to this share of the values, each is decoded alone; of more, all are, which takes less for one. */
const FEW_SHARE = 0.12;

let nextDictionaryId = 1;

/**
 * Reads one column chunk from front to back, window by window. Pages are decompressed when the first row of them is
 * wanted; pages that are skipped whole are never touched. String views stay valid until the row group is released.
 */
export class ColumnReader implements ColumnSource {
  private readonly env: PageEnvironment;
  private readonly kernels: Kernels;
  private readonly scratch: DecodeScratch;
  private readonly by: WidthKernels;
  private readonly width: number;
  private readonly where: string;
  private readonly pages: ChunkPages;
  private readonly values: PageValues;
  private pageIndex = 0;
  /** Rows of the present page that are behind us. */
  private pageRow = 0;
  private isLoaded = false;
  /** Rows to be passed over before the next is read. */
  private pendingSkip = 0;
  private decodedDictionary: ColumnDictionary | undefined;

  /** `where` begins the message of errors: the file and the column. */
  constructor(env: PageEnvironment, pages: ChunkPages, where: string) {
    this.env = env;
    this.kernels = env.kernels;
    this.scratch = env.scratch;
    this.where = where;
    this.width = vectorWidthOf(env.column);
    this.by = widthKernelsOf(env.kernels, this.width);
    this.values = new PageValues(env);
    this.pages = pages;
  }

  /** The dictionary that the next `runRows()` rows refer to, if they do and it is not empty. */
  get dictionary(): ColumnDictionary | undefined {
    this.passPages();
    const page = this.pages.data[this.pageIndex];
    if (page === undefined || !isDictionaryEncoded(page)) return undefined;
    const dictionary = this.loadDictionary();
    return dictionary.size > 0 ? dictionary : undefined;
  }

  /** How many of the next rows share the present encoding: dictionary or not. 0 at the end. */
  runRows(): number {
    this.passPages();
    const { data } = this.pages;
    const first = data[this.pageIndex];
    if (first === undefined) return 0;
    let rows = first.rowCount - this.pageRow - this.pendingSkip;
    for (let index = this.pageIndex + 1; index < data.length; index++) {
      if (isDictionaryEncoded(data[index]!) !== isDictionaryEncoded(first)) break;
      rows += data[index]!.rowCount;
    }
    return rows;
  }

  /** Passes over the next `rowCount` rows, at no cost until a later row is read. */
  skip(rowCount: number): void {
    this.pendingSkip += rowCount;
  }

  /**
   * Reads the next `rowCount` (at most BATCH_ROWS) rows; with a selection (ascending u32 offsets in the window) only its rows are
   * kept, adjacent. Rows are written from row number `at` of the target on. Answers whether any may be NULL: if not,
   * their validity bytes are all 1.
   */
  read(rowCount: number, selection: number, selectedCount: number, target: ColumnTarget, at: number): boolean {
    return this.readWindow(rowCount, selection, selectedCount, target, at, false);
  }

  /** As `read`, but writes dictionary codes; `rowCount` may not exceed `runRows()`. NULL rows have some valid code. */
  readCodes(rowCount: number, selection: number, selectedCount: number, target: ColumnTarget, at: number): boolean {
    return this.readWindow(rowCount, selection, selectedCount, target, at, true);
  }

  private readWindow(
    rowCount: number,
    selection: number,
    selectedCount: number,
    target: ColumnTarget,
    at: number,
    asCodes: boolean,
  ): boolean {
    if (rowCount > BATCH_ROWS) throw bugError(`a window of ${rowCount} rows`);
    const width = asCodes ? 4 : this.width;
    let hasNulls = false;
    let selected = 0;
    let out = at;
    for (let row = 0; row < rowCount; ) {
      if (selection !== 0 && selected === selectedCount) {
        this.skip(rowCount - row);
        break;
      }
      this.passPages();
      const page = this.pages.data[this.pageIndex];
      if (page === undefined) throw bugError(`${this.where}: read past the end of the row group`);
      const count = Math.min(rowCount - row, page.rowCount - this.pageRow - this.pendingSkip);
      const data = target.data + out * width;
      const validity = target.validity === 0 ? 0 : target.validity + out;
      if (selection === 0) {
        if (this.readPage(page, count, row, 0, 0, data, validity, asCodes)) hasNulls = true;
        out += count;
      } else {
        const upTo = this.selectedBefore(selection, selected, selectedCount, row + count);
        if (upTo === selected) {
          this.skip(count);
        } else {
          const part = selection + selected * 4;
          if (this.readPage(page, count, row, part, upTo - selected, data, validity, asCodes)) hasNulls = true;
          out += upTo - selected;
          selected = upTo;
        }
      }
      row += count;
    }
    return hasNulls;
  }

  /** The first index of the selection, from `from` on, that is at or past row `limit` of the window. */
  private selectedBefore(selection: number, from: number, count: number, limit: number): number {
    const { u32 } = this.env.shared;
    const base = selection >>> 2;
    if (u32[base + count - 1]! < limit) return count;
    let low = from;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (u32[base + middle]! < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Drops pages that are skipped whole, without touching them. */
  private passPages(): void {
    const { data } = this.pages;
    for (let page = data[this.pageIndex]; page !== undefined; page = data[this.pageIndex]) {
      const left = page.rowCount - this.pageRow;
      if (this.pendingSkip < left) return;
      this.pendingSkip -= left;
      this.pageIndex++;
      this.pageRow = 0;
      this.isLoaded = false;
    }
  }

  private readPage(
    page: Page,
    count: number,
    row: number,
    selection: number,
    selectedCount: number,
    data: number,
    validity: number,
    asCodes: boolean,
  ): boolean {
    try {
      if (!this.isLoaded) {
        this.values.load(page);
        this.isLoaded = true;
        if (this.values.kind === 'codes') this.loadDictionary();
      }
      if (this.pendingSkip > 0) this.skipInPage();
      if (asCodes && this.values.kind !== 'codes') throw bugError('codes were asked of a page that has none');
      const hasNulls =
        selection === 0
          ? this.readRows(count, data, validity, asCodes)
          : this.readSelected(count, row, selection, selectedCount, data, validity, asCodes);
      this.pageRow += count;
      return hasNulls;
    } catch (error) {
      throw withPlace(error, this.where, `, page ${this.pageIndex + 1}`);
    }
  }

  private skipInPage(): void {
    const { values, kernels } = this;
    const count = this.pendingSkip;
    let present = count;
    if (values.hasLevels) {
      present = kernels.hybridDecodeBits(values.levels, count, 0);
      if (present < 0) throw corruptError('its definition levels are malformed');
    }
    switch (values.kind) {
      case 'fixed':
      case 'bits':
        if (present > values.count - values.next) throw tooFewValues();
        values.next += present;
        break;
      case 'strings':
        values.pointer = kernels.plainStringsSkip(values.pointer, values.end, present) >>> 0;
        if (values.pointer === 0) throw tooFewValues();
        break;
      case 'codes':
      case 'runs':
        if (kernels.hybridSkip(values.stream, present) < 0) throw tooFewValues();
        break;
    }
    this.pageRow += count;
    this.pendingSkip = 0;
  }

  private readRows(count: number, data: number, validity: number, asCodes: boolean): boolean {
    const { kernels, scratch, values } = this;
    let present = count;
    const levels = validity === 0 ? scratch.validity : validity;
    if (values.hasLevels) {
      present = kernels.hybridDecodeBits(values.levels, count, levels);
      if (present < 0) throw corruptError('its definition levels are malformed');
    } else if (validity !== 0) {
      kernels.fillBytes(validity, 1, count);
    }
    if (present === count) {
      if (asCodes) this.takeCodes(count, data);
      else this.take(count, data);
      return false;
    }
    this.takeSpread(count, present, levels, data, asCodes);
    return true;
  }

  private readSelected(
    count: number,
    row: number,
    selection: number,
    selectedCount: number,
    data: number,
    validity: number,
    asCodes: boolean,
  ): boolean {
    const { kernels, scratch, values } = this;
    let present = count;
    if (values.hasLevels) {
      present = kernels.hybridDecodeBits(values.levels, count, scratch.validity);
      if (present < 0) throw corruptError('its definition levels are malformed');
    }
    if (present === count) {
      if (validity !== 0) kernels.fillBytes(validity, 1, selectedCount);
      this.takeSelected(count, row, selection, selectedCount, data, asCodes);
      return false;
    }
    // The selection counts rows of the window, of which `row` lie before this page.
    if (present > 0 && values.kind !== 'strings') {
      const target = validity === 0 ? scratch.spread : validity;
      const valid = kernels.rankSelected(
        scratch.validity,
        present,
        selection,
        selectedCount,
        row,
        scratch.ranks,
        target,
      );
      this.takeSelected(present, 0, scratch.ranks, selectedCount, data, asCodes);
      return valid < selectedCount;
    }
    this.takeSpread(count, present, scratch.validity, scratch.spread, asCodes);
    if (asCodes) kernels.gather4(scratch.spread - row * 4, selection, selectedCount, data);
    else this.by.gather(scratch.spread - row * this.width, selection, selectedCount, data);
    if (validity !== 0) kernels.gather1(scratch.validity - row, selection, selectedCount, validity);
    return true;
  }

  /** The next `present` values, put where `levels` has a 1. */
  private takeSpread(count: number, present: number, levels: number, target: number, asCodes: boolean): void {
    const { kernels, scratch } = this;
    if (asCodes) {
      this.takeCodes(present, scratch.codes);
      this.env.shared.u32[(scratch.codes >>> 2) + present] = 0;
      kernels.spread4(scratch.codes, levels, count, target);
    } else {
      this.take(present, scratch.values);
      kernels.fillBytes(scratch.values + present * this.width, 0, this.width);
      this.by.spread(scratch.values, levels, count, target);
    }
  }

  /** The next `count` values, adjacent. */
  private take(count: number, target: number): void {
    const { kernels, values } = this;
    switch (values.kind) {
      case 'fixed':
        if (count > values.count - values.next) throw tooFewValues();
        kernels.copyBytes(values.pointer + values.next * this.width, count * this.width, target);
        values.next += count;
        return;
      case 'strings':
        values.pointer = kernels.plainStringViews(values.pointer, values.end, count, target) >>> 0;
        if (values.pointer === 0) throw tooFewValues();
        return;
      case 'codes':
        this.takeCodes(count, this.scratch.codes);
        this.by.lookUp(this.decodedDictionary!.data, this.scratch.codes, count, target);
        return;
      case 'bits':
        if (count > values.count - values.next) throw tooFewValues();
        kernels.expandBits(values.pointer, values.next, count, target);
        values.next += count;
        return;
      case 'runs':
        if (kernels.hybridDecodeBits(values.stream, count, target) < 0) throw tooFewValues();
        return;
    }
  }

  /** The next `count` codes, or, where there is a selection, those of them that it names. */
  private takeCodes(count: number, target: number, selection = 0, selectedCount = 0, row = 0): void {
    const { kernels, values } = this;
    const { size } = this.decodedDictionary!;
    if (size === 0 && count > 0) throw corruptError('it refers to an empty dictionary');
    const status =
      selection === 0
        ? kernels.hybridDecode(values.stream, count, size, target)
        : kernels.hybridDecodeSelected(values.stream, count, size, selection, selectedCount, row, target);
    if (status === -2) throw corruptError(`a code is beyond the ${size} entries of the dictionary`);
    if (status < 0) throw tooFewValues();
  }

  /** Of the next `count` values, those that the selection names (`row` is the first's offset in the window). */
  private takeSelected(
    count: number,
    row: number,
    selection: number,
    selectedCount: number,
    target: number,
    asCodes: boolean,
  ): void {
    const { kernels, values, scratch } = this;
    switch (values.kind) {
      case 'fixed':
        if (count > values.count - values.next) throw tooFewValues();
        this.by.gather(values.pointer + (values.next - row) * this.width, selection, selectedCount, target);
        values.next += count;
        return;
      case 'strings':
        values.pointer =
          kernels.plainStringViewsSelected(values.pointer, values.end, count, selection, selectedCount, row, target) >>>
          0;
        if (values.pointer === 0) throw tooFewValues();
        return;
      case 'codes': {
        const { data } = this.decodedDictionary!;
        if (selectedCount <= count * FEW_SHARE) {
          const codes = asCodes ? target : scratch.codes;
          this.takeCodes(count, codes, selection, selectedCount, row);
          if (!asCodes) this.by.lookUp(data, codes, selectedCount, target);
          return;
        }
        this.takeCodes(count, scratch.codes);
        const codes = scratch.codes - row * 4;
        if (asCodes) kernels.gather4(codes, selection, selectedCount, target);
        else this.by.lookUpSelected(data, codes, selection, selectedCount, target);
        return;
      }
      case 'bits':
      case 'runs':
        this.take(count, scratch.values);
        kernels.gather1(scratch.values - row, selection, selectedCount, target);
        return;
    }
  }

  private loadDictionary(): ColumnDictionary {
    if (this.decodedDictionary === undefined) {
      const page = this.pages.dictionary;
      if (page === undefined) throw corruptError(`${this.where}: there is no dictionary page`);
      const data = reportingPlace(this.where, ', dictionary page', () => this.values.loadDictionary(page));
      this.decodedDictionary = { data, size: page.rowCount, id: nextDictionaryId++ };
    }
    return this.decodedDictionary;
  }
}

function tooFewValues(): MillraceError {
  return corruptError('it has fewer values than rows, or they are malformed');
}
