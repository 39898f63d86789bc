import { readFileSync } from 'node:fs';
import type { ArrowKernels } from './arrow-kernels.js';
import type { ArrowLayoutKernels } from './arrow-layout-kernels.js';
import type { AssembleKernels } from './assemble-kernels.js';
import type { DecompressKernels } from './decompress-kernels.js';
import type { DictionaryBuildKernels } from './dictionary-build-kernels.js';
import type { HybridKernels } from './hybrid-kernels.js';
import type { KeptColumnKernels } from './kept-column-kernels.js';
import type { ParquetEncodeKernels } from './parquet-encode-kernels.js';
import type { ParquetKernels } from './parquet-kernels.js';
import type { PartitionRowsKernels } from './partition-rows-kernels.js';
import type { PostgresTextKernels } from './postgres-text-kernels.js';
import type {
  GroupSpillKernels,
  GroupTableKernels,
  GroupValueKernels,
  JoinFilterKernels,
  JoinIndexKernels,
  JoinTableKernels,
  JoinTextKernels,
  ListKernels,
  RowKernels,
  SeenNumberKernels,
  SortBoundKernels,
  SortKernels,
} from './row-kernels.js';
import type { ShredKernels } from './shred-kernels.js';
import type { SnappyCompressKernels } from './snappy-compress-kernels.js';
import type { StatisticsKernels } from './statistics-kernels.js';
import type { TextFileKernels } from './text-file-kernels.js';
import type { UnnestKernels } from './unnest-kernels.js';
import type { ValueBoundsKernels } from './value-bounds-kernels.js';
import type { VectorKernels } from './vector-kernels.js';
import type { WindowKernels } from './window-kernels.js';

/** Every export of `kernels.wasm`: one interface a topic, next to this file. */
export interface Kernels
  extends ArrowKernels,
    AssembleKernels,
    VectorKernels,
    RowKernels,
    KeptColumnKernels,
    GroupTableKernels,
    GroupSpillKernels,
    GroupValueKernels,
    JoinFilterKernels,
    JoinIndexKernels,
    JoinTextKernels,
    JoinTableKernels,
    ListKernels,
    SeenNumberKernels,
    SortBoundKernels,
    SortKernels,
    WindowKernels,
    DictionaryBuildKernels,
    ParquetEncodeKernels,
    PartitionRowsKernels,
    ShredKernels,
    SnappyCompressKernels,
    StatisticsKernels,
    ValueBoundsKernels,
    DecompressKernels,
    HybridKernels,
    ParquetKernels,
    PostgresTextKernels,
    TextFileKernels,
    UnnestKernels,
    ArrowLayoutKernels {}

let compiled: WebAssembly.Module | undefined;

/** Kernels bound to one shared memory. Compiled once a thread; V8 shares the machine code between threads. */
export function loadKernels(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url)));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels;
}
