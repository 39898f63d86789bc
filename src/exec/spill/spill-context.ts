import type { Kernels } from '../../kernels/kernels.js';
import { SNAPPY_TABLE_BYTES } from '../../kernels/snappy-compress-kernels.js';
import { SpillDirectory } from '../../storage/spill/spill-directory.js';
import { SpillFile } from '../../storage/spill/spill-file.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';

/** Room for the frame of a block of one chunk, and for what it unpacks to. */
const LEAST_BUFFER_BYTES = 100 * 1024;

/** Where an engine spills. */
export interface SpillOptions {
  readonly directory: string;
  /** Bytes that may be on disk at once; by default nine tenths of what is free on the disk. */
  readonly limit?: number | undefined;
}

/** A thread's view of the directory; the bytes in use are counted for the engine as a whole. */
export function openSpillDirectory(shared: SharedMemory, { directory, limit }: SpillOptions): SpillDirectory {
  return new SpillDirectory(directory, limit, { add: (byteLength) => shared.addSpilledBytes(byteLength) });
}

/** What one thread needs to spill for one query: its files, which end with the query, and buffers. */
export class SpillContext {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
  private readonly scope: Scope;
  private readonly directory: SpillDirectory;
  private file: SpillFile | undefined;
  private frame = 0;
  private frameCapacity = 0;
  private scratch = 0;
  private scratchCapacity = 0;
  private table = 0;

  constructor(shared: SharedMemory, kernels: Kernels, scope: Scope, directory: SpillDirectory) {
    this.shared = shared;
    this.kernels = kernels;
    this.scope = scope;
    this.directory = directory;
  }

  /** The file of this thread and query. */
  openFile(): SpillFile {
    this.file ??= SpillFile.create(this.directory);
    return this.file;
  }

  /** Room for a frame; valid until the next call. */
  frameBuffer(byteLength: number): number {
    if (byteLength > this.frameCapacity) {
      // Twice as much each time: what was too small is only freed with the query.
      this.frameCapacity = Math.max(byteLength, this.frameCapacity * 2, LEAST_BUFFER_BYTES);
      this.frame = this.scope.allocate(this.frameCapacity);
    }
    return this.frame;
  }

  /** Room to unpack a frame by way of; valid until the next call. */
  scratchBuffer(byteLength: number): number {
    if (byteLength > this.scratchCapacity) {
      this.scratchCapacity = Math.max(byteLength, this.scratchCapacity * 2, LEAST_BUFFER_BYTES);
      this.scratch = this.scope.allocate(this.scratchCapacity);
    }
    return this.scratch;
  }

  get compressionTable(): number {
    this.table ||= this.scope.allocate(SNAPPY_TABLE_BYTES);
    return this.table;
  }

  close(): void {
    this.file?.close();
    this.file = undefined;
  }
}
