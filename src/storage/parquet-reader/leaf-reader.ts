import { corruptError } from '../../common/errors.js';
import { decodeValue, type NestedValue } from '../../types/nested-codec.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import type { LeafNode } from './nested-schema.js';
import { allocateClaimed } from './page-decompressor.js';
import { type ChunkPages, listPages, type Page } from './page-header.js';
import { type PageEnvironment, PageValues } from './page-values.js';
import { vectorWidthOf } from './value-decoder.js';

const EMPTY = new Uint8Array();

/** The entries of one leaf of a nested column, one after the other: repetition level, definition level, value. */
export class LeafReader {
  private readonly env: PageEnvironment;
  private readonly node: LeafNode;
  private readonly width: number;
  private readonly pages: ChunkPages;
  private readonly values: PageValues;
  private pageIndex = 0;
  private repetitions: Uint8Array = EMPTY;
  private definitions: Uint8Array = EMPTY;
  private entry = 0;
  /** Vector values of the present page, those that are not NULL. */
  private data = 0;
  private next = 0;
  private dictionary: { readonly data: number; readonly size: number } | undefined;

  constructor(env: PageEnvironment, node: LeafNode, start: number, end: number, valueCount: number) {
    this.env = env;
    this.node = node;
    this.width = vectorWidthOf(env.column);
    this.values = new PageValues(env);
    this.pages = listPages(env.shared.u8, start, end, valueCount);
  }

  get repetition(): number {
    this.ensureEntry();
    return this.repetitions[this.entry]!;
  }

  get definition(): number {
    this.ensureEntry();
    return this.definitions[this.entry]!;
  }

  /** Is there another entry, which belongs to the row of the one before? */
  get continuesRow(): boolean {
    return this.hasEntry() && this.repetitions[this.entry]! > 0;
  }

  /** Does another entry begin a further element of a list at this level? */
  repeatsAt(level: number): boolean {
    return this.hasEntry() && this.repetitions[this.entry] === level;
  }

  /** Passes over an entry. */
  skip(): void {
    this.ensureEntry();
    if (this.definitions[this.entry] === this.node.definition) this.next++;
    this.entry++;
  }

  /** The value of an entry: texts and bytes as their bytes. */
  take(): NestedValue {
    this.ensureEntry();
    const isNull = this.definitions[this.entry] !== this.node.definition;
    this.entry++;
    if (isNull) return null;
    const { u8, view } = this.env.shared;
    const pointer = this.data + this.next++ * this.width;
    if (physicalTypeOf(this.node.type) !== 'string') {
      return decodeValue(u8.slice(pointer, pointer + this.width), this.node.type);
    }
    const start = view.getUint32(pointer + 4, true);
    return u8.slice(start, start + view.getUint32(pointer, true));
  }

  private ensureEntry(): void {
    if (!this.hasEntry()) throw corruptError('its pages end within a row');
  }

  private hasEntry(): boolean {
    while (this.entry >= this.definitions.length) {
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
    this.repetitions = this.levels(values.repetitions, page.rowCount, node.repetition);
    this.definitions = this.levels(values.levels, page.rowCount, node.definition);
    this.entry = 0;
    this.next = 0;
    let present = 0;
    for (const level of this.definitions) if (level === node.definition) present++;
    this.data = this.decode(present);
  }

  private levels(stream: number, count: number, maximum: number): Uint8Array {
    if (maximum === 0) return new Uint8Array(count);
    const { kernels, scope, shared } = this.env;
    const target = allocateClaimed(scope, count * 4);
    if (kernels.hybridDecode(stream, count, maximum + 1, target) < 0) throw corruptError('its levels are malformed');
    return Uint8Array.from(shared.u32.subarray(target >>> 2, (target >>> 2) + count));
  }

  /** The values of the present page; returns where they lie. */
  private decode(count: number): number {
    const { kernels, scope } = this.env;
    const { values, width } = this;
    const tooFew = (): Error => corruptError('it has fewer values than levels, or they are malformed');
    if (values.kind === 'fixed') {
      if (count > values.count) throw tooFew();
      return values.pointer;
    }
    const target = allocateClaimed(scope, (count + 1) * width);
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
    const { kernels, scope } = this.env;
    const page = this.pages.dictionary;
    if (page === undefined) throw corruptError('there is no dictionary page');
    this.dictionary ??= { data: this.values.loadDictionary(page), size: page.rowCount };
    if (count === 0) return;
    if (this.dictionary.size === 0) throw corruptError('it refers to an empty dictionary');
    const codes = allocateClaimed(scope, count * 4);
    const status = kernels.hybridDecode(this.values.stream, count, this.dictionary.size, codes);
    if (status < 0) throw corruptError('its dictionary codes are malformed');
    const lookUp = this.width === 16 ? kernels.lookUp16 : this.width === 8 ? kernels.lookUp8 : kernels.lookUp4;
    lookUp(this.dictionary.data, codes, count, target);
  }
}
