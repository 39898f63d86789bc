import { PADDING_BYTES, type SharedMemory } from '../../vector/shared-memory.js';
import type { ChunkPages, Page, PageKind } from './page-header.js';
import { ENCODINGS } from './parquet-metadata.js';

/** Of smaller chunks, most of a kept block would be empty. Memory for tests keeps them, too. */
const LEAST_BYTES = 16 * 1024;
const MOST_BYTES = 64 * 2 ** 20;
const PAGE_WORDS = 8;
const KINDS: readonly PageKind[] = ['dictionary', 'data', 'data-v2'];

/*
 * The pages of a column chunk, decompressed:
 *
 *   0   u32 number of pages, 12 bytes unused
 *   16  32 bytes a page: kind, where its body begins (from the start of the image), bytes of the body, rows, encoding,
 *       encoding of its levels, bytes of repetition and of definition levels (version 2)
 *       then the bodies, each aligned to 64 bytes and padded
 */

/** Where the pages of one column chunk are decompressed to, so that they can be kept. */
export class ChunkImage {
  readonly byteLength: number;
  private readonly shared: SharedMemory;
  private readonly pages: readonly Page[];
  private readonly offsets: ReadonlyMap<Page, number>;
  private readonly loaded = new Set<Page>();
  private pointer = 0;

  /** Undefined where an image cannot stand for the chunk, or is not worth while. */
  static of(shared: SharedMemory, { dictionary, data }: ChunkPages): ChunkImage | undefined {
    const pages = dictionary === undefined ? data : [dictionary, ...data];
    const image = new ChunkImage(shared, pages);
    const least = shared.isChecked ? 0 : LEAST_BYTES;
    const fits = image.byteLength >= least && image.byteLength <= MOST_BYTES;
    return fits && pages.every(canKeep) ? image : undefined;
  }

  private constructor(shared: SharedMemory, pages: readonly Page[]) {
    this.shared = shared;
    this.pages = pages;
    const offsets = new Map<Page, number>();
    let end = alignUp(16 + pages.length * PAGE_WORDS * 4);
    for (const page of pages) {
      offsets.set(page, end);
      end = alignUp(end + page.uncompressedByteLength + PADDING_BYTES);
    }
    this.offsets = offsets;
    this.byteLength = end;
  }

  /** Begins the image in `byteLength` bytes at `pointer`. */
  placeAt(pointer: number): void {
    this.pointer = pointer;
    const { u32 } = this.shared;
    u32[pointer / 4] = this.pages.length;
    this.pages.forEach((page, index) => {
      u32.set(
        [
          KINDS.indexOf(page.kind),
          this.offsets.get(page)!,
          page.uncompressedByteLength,
          page.rowCount,
          codeOf(page.encoding),
          codeOf(page.levelEncoding),
          page.repetitionByteLength,
          page.definitionByteLength,
        ],
        (pointer + 16) / 4 + index * PAGE_WORDS,
      );
    });
  }

  /** Where the body of a page belongs. */
  bodyOf(page: Page): number {
    return this.pointer + this.offsets.get(page)!;
  }

  /** The body of a page is there; answers whether all are. */
  noteLoaded(page: Page): boolean {
    this.loaded.add(page);
    return this.loaded.size === this.pages.length;
  }
}

/** The pages of a complete image. */
export function pagesOfImage({ u32 }: SharedMemory, pointer: number): ChunkPages {
  const pages = Array.from({ length: u32[pointer / 4]! }, (_, index): Page => {
    const at = (pointer + 16) / 4 + index * PAGE_WORDS;
    const byteLength = u32[at + 2]!;
    return {
      kind: KINDS[u32[at]!]!,
      pointer: pointer + u32[at + 1]!,
      byteLength,
      uncompressedByteLength: byteLength,
      rowCount: u32[at + 3]!,
      encoding: ENCODINGS[u32[at + 4]!]!,
      levelEncoding: ENCODINGS[u32[at + 5]!] ?? '',
      repetitionByteLength: u32[at + 6]!,
      definitionByteLength: u32[at + 7]!,
      isCompressed: false,
    };
  });
  return {
    dictionary: pages.find(({ kind }) => kind === 'dictionary'),
    data: pages.filter(({ kind }) => kind !== 'dictionary'),
  };
}

/** Pages of an encoding without a number are refused when they are read, and so is what has not the size it should have. */
function canKeep({ encoding, levelEncoding, kind, isCompressed, byteLength, uncompressedByteLength }: Page): boolean {
  if (codeOf(encoding) < 0) return false;
  if (kind === 'data' && codeOf(levelEncoding) < 0) return false;
  return isCompressed || byteLength === uncompressedByteLength;
}

function codeOf(encoding: string): number {
  return (ENCODINGS as readonly string[]).indexOf(encoding);
}

function alignUp(byteLength: number): number {
  return Math.ceil(byteLength / 64) * 64;
}
