import type { Scope } from '../../vector/scope.js';
import { CHUNK_BYTES } from '../../vector/shared-memory.js';
import { RowBlockWriter } from '../rows/row-block-writer.js';
import type { RowLayout } from '../rows/row-layout.js';
import { writeFrame } from '../spill/block-frame.js';
import type { SpillContext } from '../spill/spill-context.js';
import { type RunFrame, SortedRun } from './sorted-run.js';

/** A run does not use the chain of its frames: it is read forwards, by its index. */
const NO_FRAME = { offset: 0, byteLength: 0 };

/** Writes sorted rows to disk, block by block. */
export class RunWriter {
  /** Bytes on disk. */
  byteLength = 0;
  private rowCount = 0;
  private readonly context: SpillContext;
  private readonly blocks: RowBlockWriter;
  private readonly frames: RunFrame[] = [];

  /** Buffers belong to `owner`. */
  constructor(context: SpillContext, owner: number, layout: RowLayout) {
    this.context = context;
    this.blocks = new RowBlockWriter(context.shared, context.kernels, owner, layout, (block) => this.writeBlock(block));
  }

  /** Rows of entries, which come after all rows before. The entries are overwritten. */
  write(entries: number, count: number): void {
    this.blocks.write(entries, count);
    this.rowCount += count;
  }

  /** The run, which lies in `scope`. */
  finish(scope: Scope): SortedRun {
    this.blocks.finish();
    const { descriptor } = this.context.openFile();
    return SortedRun.publish(this.context.shared, scope, descriptor, this.rowCount, this.frames);
  }

  private writeBlock(block: number): boolean {
    const { context } = this;
    const { offset, byteLength, blockBytes } = writeFrame(context, context.openFile(), block, NO_FRAME);
    this.frames.push({ offset, byteLength, chunks: blockBytes / CHUNK_BYTES });
    this.byteLength += byteLength;
    return false;
  }
}
