import { corruptError } from '../../common/errors.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import type { LeafNode } from './nested-schema.js';
import type { PageEnvironment } from './page-environment.js';
import { type ChunkPages, listPages, type Page } from './page-header.js';
import { PageValues } from './page-values.js';
import { ReusableBuffer } from './reusable-buffer.js';
import { vectorWidthOf } from './value-decoder.js';

/** Words of the state of `leafSlots`. */
const STATE_BYTES = 20;
const SLOTS = 2;
const VALUE = 3;
/** Not 0, where there are no rows to select. */
const NO_SELECTION = 16;

/** Parallel arrays: see `kernels/assembly/assemble.ts`. */
export interface Slots {
  readonly count: number;
  readonly pointers: number;
  readonly lengths: number;
  readonly repetitions: number;
  readonly definitions: number;
}

/** Some of the rows that come next: row numbers at `selection` (0: all), which count from `from`. */
export interface RowSelection {
  readonly selection: number;
  readonly count: number;
  readonly from: number;
}

/** Entries of the present page, from one (inclusive) to another (exclusive), and where the values of its leaf lie. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The entries of one leaf of a nested column, in rows: repetition level, definition level, value. */
export class LeafReader {
  readonly node: LeafNode;
  /** Entries of the whole chunk. */
  readonly entryCount: number;
  private readonly env: PageEnvironment;
  private readonly width: number;
  private readonly isText: boolean;
  private readonly pages: ChunkPages;
  private readonly values: PageValues;
  private readonly levelBuffer: ReusableBuffer;
  private readonly valueBuffer: ReusableBuffer;
  private readonly codeBuffer: ReusableBuffer;
  private readonly state: number;
  private readonly result: number;
  private pageIndex = 0;
  /** Of the present page: u32 levels, 0 where all are 0; entries, and those passed. */
  private repetitions = 0;
  private definitions = 0;
  private count = 0;
  private entry = 0;
  /** Vector values of the present page, those that are not NULL, and how many are passed. */
  private data = 0;
  private present = 0;
  private next = 0;
  private dictionary: { readonly data: number; readonly size: number } | undefined;
  private hasBegun = false;

  constructor(env: PageEnvironment, node: LeafNode, start: number, end: number, valueCount: number) {
    const { scope } = env;
    this.env = env;
    this.node = node;
    this.entryCount = valueCount;
    this.width = vectorWidthOf(env.column);
    this.isText = physicalTypeOf(node.type) === 'string';
    this.values = new PageValues(env);
    this.pages = listPages(env.shared.u8, start, end, valueCount);
    this.levelBuffer = new ReusableBuffer(scope);
    this.valueBuffer = new ReusableBuffer(scope);
    this.codeBuffer = new ReusableBuffer(scope);
    this.state = scope.allocate(STATE_BYTES);
    this.result = scope.allocate(4);
  }

  /** Passes over rows. */
  skip(rowCount: number): void {
    this.beginState();
    this.forRows(rowCount, (stretch) => {
      this.takeSlots(stretch, this.data, { selection: NO_SELECTION, count: 0, from: 0 }, 0, 0, 0, 0);
    });
  }

  /** The slots of the selected among the next rows, in `scratch`. */
  read(rowCount: number, rows: RowSelection, scratch: Scope): Slots {
    const { shared } = this.env;
    const stretches: (Stretch & { readonly slots: Slots })[] = [];
    this.beginState(rows.from);
    this.forRows(rowCount, (stretch) => {
      // Pages lie in buffers that the next one may use: what is read of them leaves them at once.
      const { from, to } = stretch;
      const pointers = scratch.allocate((to - from) * 10);
      const lengths = pointers + (to - from) * 4;
      const [repetitions, definitions] = [lengths + (to - from) * 4, lengths + (to - from) * 5];
      this.takeSlots(stretch, this.valuesOf(stretch, scratch), rows, pointers, lengths, repetitions, definitions);
      const count = shared.u32[this.state / 4 + SLOTS]!;
      shared.u32[this.state / 4 + SLOTS] = 0;
      stretches.push({ ...stretch, slots: { count, pointers, lengths, repetitions, definitions } });
    });
    return stretches.length === 1
      ? stretches[0]!.slots
      : this.joined(
          stretches.map(({ slots }) => slots),
          scratch,
        );
  }

  private joined(parts: readonly Slots[], scratch: Scope): Slots {
    const { kernels } = this.env;
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    const pointers = scratch.allocate(count * 10);
    const lengths = pointers + count * 4;
    const [repetitions, definitions] = [lengths + count * 4, lengths + count * 5];
    let at = 0;
    for (const part of parts) {
      kernels.copyBytes(part.pointers, part.count * 4, pointers + at * 4);
      kernels.copyBytes(part.lengths, part.count * 4, lengths + at * 4);
      kernels.copyBytes(part.repetitions, part.count, repetitions + at);
      kernels.copyBytes(part.definitions, part.count, definitions + at);
      at += part.count;
    }
    return { count, pointers, lengths, repetitions, definitions };
  }

  private beginState(firstRow: number = 0): void {
    const { u32 } = this.env.shared;
    u32.set([firstRow, 0, 0, 0, 0], this.state / 4);
  }

  /** Goes through the entries of the next rows, page by page. */
  private forRows(rowCount: number, take: (stretch: Stretch) => void): void {
    const { kernels, shared } = this.env;
    if (!this.hasBegun && rowCount > 0) {
      this.hasBegun = true;
      if (this.ensurePage() && this.repetitions !== 0 && shared.u32[this.repetitions / 4] !== 0) {
        throw corruptError('a row begins within a list');
      }
    }
    for (let rows = rowCount; ; ) {
      if (!this.ensurePage()) {
        if (rows > 0) throw corruptError('its pages end within a row');
        return;
      }
      const from = this.entry;
      const to = kernels.entriesOfRows(this.repetitions, from, this.count, rows, this.result);
      rows -= shared.u32[this.result / 4]!;
      if (to > from) take({ from, to });
      this.entry = to;
      if (to < this.count || (rows === 0 && this.node.repetition === 0)) return;
    }
  }

  private takeSlots(
    { from, to }: Stretch,
    data: number,
    { selection, count }: RowSelection,
    pointers: number,
    lengths: number,
    repetitions: number,
    definitions: number,
  ): void {
    const { kernels, shared } = this.env;
    const { node, state } = this;
    shared.u32[state / 4 + VALUE] = this.next;
    kernels.leafSlots(
      this.repetitions,
      this.definitions,
      from,
      to,
      node.definition,
      data,
      this.width,
      this.isText ? 1 : 0,
      selection,
      count,
      state,
      pointers,
      lengths,
      repetitions,
      definitions,
    );
    this.next = shared.u32[state / 4 + VALUE]!;
  }

  /** Where value 0 of the page would lie in a copy of the values that the entries may have; texts are taken as they lie. */
  private valuesOf({ from, to }: Stretch, scratch: Scope): number {
    if (this.isText) return this.data;
    const count = Math.min(to - from, this.present - this.next);
    const copy = scratch.allocate(count * this.width);
    this.env.kernels.copyBytes(this.data + this.next * this.width, count * this.width, copy);
    return copy - this.next * this.width;
  }

  private ensurePage(): boolean {
    while (this.entry >= this.count) {
      const page = this.pages.data[this.pageIndex];
      if (page === undefined) return false;
      this.load(page);
      this.pageIndex++;
    }
    return true;
  }

  private load(page: Page): void {
    const { values, node } = this;
    values.load(page);
    const { rowCount: count } = page;
    const levels = this.levelBuffer.allocate(count * 8);
    this.repetitions = this.levels(values.repetitions, count, node.repetition, levels);
    this.definitions = this.levels(values.levels, count, node.definition, levels + count * 4);
    this.count = count;
    this.entry = 0;
    this.next = 0;
    this.present = this.countPresent();
    this.data = this.decode(this.present);
  }

  private levels(stream: number, count: number, maximum: number, target: number): number {
    if (maximum === 0) return 0;
    if (this.env.kernels.hybridDecode(stream, count, maximum + 1, target) < 0) {
      throw corruptError('its levels are malformed');
    }
    return target;
  }

  private countPresent(): number {
    const { count, definitions, node } = this;
    return definitions === 0 ? count : this.env.kernels.countWords(definitions, count, node.definition);
  }

  /** The values of the present page; returns where they lie. */
  private decode(count: number): number {
    const { kernels } = this.env;
    const { values, width } = this;
    const tooFew = (): Error => corruptError('it has fewer values than levels, or they are malformed');
    if (values.kind === 'fixed') {
      if (count > values.count) throw tooFew();
      return values.pointer;
    }
    const target = this.valueBuffer.allocate((count + 1) * width);
    switch (values.kind) {
      case 'strings':
        if (kernels.plainStringViews(values.pointer, values.end, count, target) >>> 0 === 0) throw tooFew();
        break;
      case 'codes':
        this.lookUp(count, target);
        break;
      case 'bits':
        if (count > values.count) throw tooFew();
        kernels.expandBits(values.pointer, 0, count, target);
        break;
      case 'runs':
        if (kernels.hybridDecodeBits(values.stream, count, target) < 0) throw tooFew();
        break;
    }
    return target;
  }

  private lookUp(count: number, target: number): void {
    const { kernels } = this.env;
    const page = this.pages.dictionary;
    if (page === undefined) throw corruptError('there is no dictionary page');
    this.dictionary ??= { data: this.values.loadDictionary(page), size: page.rowCount };
    if (count === 0) return;
    if (this.dictionary.size === 0) throw corruptError('it refers to an empty dictionary');
    const codes = this.codeBuffer.allocate(count * 4);
    const status = kernels.hybridDecode(this.values.stream, count, this.dictionary.size, codes);
    if (status < 0) throw corruptError('its dictionary codes are malformed');
    const lookUp = this.width === 16 ? kernels.lookUp16 : this.width === 8 ? kernels.lookUp8 : kernels.lookUp4;
    lookUp(this.dictionary.data, codes, count, target);
  }
}
