import type { Kernels } from '../../kernels/kernels.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { DecodeScratch } from './decode-scratch.js';
import type { PageDecompressor } from './page-decompressor.js';
import type { Page } from './page-header.js';
import type { FlatColumn } from './parquet-metadata.js';

/** Everything a column's pages are decoded with. */
export interface PageEnvironment {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
  /** Lives as long as the row group. */
  readonly scope: Scope;
  readonly scratch: DecodeScratch;
  readonly column: FlatColumn;
  readonly decompressor: PageDecompressor;
  /** The highest levels of a leaf of a nested column; absent for flat columns. */
  readonly levels?: { readonly definition: number; readonly repetition: number };
  /** Where pages are decompressed to, instead of buffers that are used again. */
  readonly image?: PageImage | undefined;
}

export interface PageImage {
  bodyOf(page: Page): number;
  /** The body of a page is complete. */
  noteLoaded(page: Page): void;
}
