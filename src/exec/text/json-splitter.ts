import type { Kernels } from '../../kernels/kernels.js';
import type { JsonFormat } from '../../planner/text-format.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { RecordFailure, RecordSplitter, SplitRecords } from './record-splitter.js';
import type { TextChunk } from './text-chunk.js';

/** See `assembly/json-records.ts`. */
const TASK_BYTES = 56;
const LAST = 1;
const LIST = 2;
const MORE = 1;
const FAILURES: Readonly<Record<number, RecordFailure['kind']>> = { 5: 'syntax', 6: 'not an object' };
/** No name is that long: for columns that come from elsewhere. */
const NO_NAME = 0xffffffff;

/** Cuts JSON objects into the values of their members. */
export class JsonSplitter implements RecordSplitter {
  readonly fields: number;
  readonly starts: number;
  readonly stride: number = BATCH_ROWS * 8;
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly task: number;
  private readonly flags: number;

  /** `names`: the member of each column; undefined for those that are none. */
  constructor(
    shared: SharedMemory,
    kernels: Kernels,
    scope: Scope,
    { layout }: JsonFormat,
    names: readonly (string | undefined)[],
  ) {
    this.shared = shared;
    this.kernels = kernels;
    this.fields = scope.allocate(Math.max(1, names.length) * this.stride);
    this.starts = scope.allocate(BATCH_ROWS * 4);
    this.task = scope.allocateCleared(TASK_BYTES);
    this.flags = layout === 'values' ? LIST : 0;
    const keys = scope.allocate(names.length * 8);
    for (const [index, name] of names.entries()) {
      const bytes = Buffer.from(name === undefined ? '' : JSON.stringify(name).slice(1, -1));
      const at = scope.allocate(bytes.length);
      shared.u8.set(bytes, at);
      shared.u32.set([at, name === undefined ? NO_NAME : bytes.length], keys / 4 + index * 2);
    }
    const words = this.task / 4;
    shared.u32.set([names.length, keys], words + 4);
    shared.u32.set([this.fields, this.stride, BATCH_ROWS, this.starts], words + 7);
  }

  openFile(): void {}

  split(chunk: TextChunk): SplitRecords {
    const { shared, kernels, task } = this;
    const words = task / 4;
    const from = chunk.position;
    shared.u32.set([from, chunk.limit, chunk.end, this.flags | (chunk.isLast ? LAST : 0)], words);
    const count = kernels.splitObjects(task);
    chunk.position = shared.u32[words]!;
    const status = shared.u32[words + 11]!;
    const kind = FAILURES[status];
    const failure = kind === undefined ? undefined : { kind, found: 0, start: shared.u32[words + 13]! };
    return { count, from, needsMore: status === MORE, failure };
  }
}
