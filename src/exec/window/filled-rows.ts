import type { Kernels } from '../../kernels/kernels.js';
import { PositionList } from './position-list.js';
import type { WindowContext } from './window-context.js';
import type { WindowSegment } from './window-segment.js';

/** The rows of a segment whose value is not NULL, for IGNORE NULLS: see `listFilled` in `assembly/window-positions.ts`. */
export class FilledRows {
  readonly counts: PositionList;
  readonly filled: PositionList;
  private readonly kernels: Kernels;
  private readonly segment: WindowSegment;
  private readonly validityOffset: number;
  /** Rows that were looked at, and those of them that are filled. */
  private seen = 0;
  private total = 0;

  /** `validityOffset`: where a row has the validity of the value. */
  constructor(context: WindowContext, validityOffset: number) {
    const { shared, owner, kernels } = context.lane;
    this.counts = new PositionList(shared, owner);
    this.filled = new PositionList(shared, owner);
    this.kernels = kernels;
    this.segment = context.segment;
    this.validityOffset = validityOffset;
  }

  /** Looks at the rows that the segment has got since. */
  update(): void {
    const { segment, counts, filled, seen, total } = this;
    if (segment.count === seen) return;
    counts.ensure(segment.count + 1, seen + 1);
    filled.ensure(total + segment.count - seen, total);
    const { rows } = segment;
    this.total = this.kernels.listFilled(
      seen,
      segment.count,
      rows.pointer,
      this.validityOffset,
      counts.pointer,
      filled.pointer,
      total,
    );
    this.seen = segment.count;
  }

  shift(dropped: number): void {
    const { counts, filled, seen, total } = this;
    const gone = counts.at(dropped);
    this.kernels.shiftPositions(filled.pointer, gone, total - gone, dropped);
    this.kernels.shiftPositions(counts.pointer, dropped, seen - dropped + 1, gone);
    this.seen -= dropped;
    this.total -= gone;
  }

  reset(): void {
    this.seen = 0;
    this.total = 0;
  }

  free(): void {
    this.counts.free();
    this.filled.free();
  }
}
