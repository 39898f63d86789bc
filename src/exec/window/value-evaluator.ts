import { bugError, userError } from '../../common/errors.js';
import type { UnpackKernel } from '../../kernels/row-kernels.js';
import type { OffsetsOfRows, PlacesInFrames } from '../../kernels/window-kernels.js';
import type { WindowCall } from '../../planner/window-call.js';
import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import type { ColumnSlot } from '../rows/row-layout.js';
import { unpackKernelOf } from '../rows/row-unpacker.js';
import { FilledRows } from './filled-rows.js';
import { FrameBounds } from './frame-bounds.js';
import { argumentOf, type WindowArgument } from './window-argument.js';
import type { WindowContext } from './window-context.js';
import type { WindowEvaluator, WindowReach } from './window-evaluator.js';

const PART_BYTES = 12;

/** Values of other rows: lag and lead, and the first, last and nth row of the frame. */
export class ValueEvaluator implements WindowEvaluator {
  readonly functions: readonly number[];
  readonly reach: WindowReach;
  readonly vectors: readonly Vector[];
  private readonly context: WindowContext;
  private readonly call: WindowCall;
  private readonly slot: ColumnSlot;
  private readonly other: ColumnSlot | undefined;
  private readonly number: WindowArgument;
  private readonly frame: FrameBounds | undefined;
  /** Where NULLs are ignored. */
  private readonly filled: FilledRows | undefined;
  private readonly unpack: UnpackKernel;
  private readonly positions: number;
  private readonly pointers: number;
  private readonly parts: number;
  private readonly values: number;
  private readonly validity: number;

  constructor(context: WindowContext, index: number) {
    const { scope, kernels } = context.lane;
    const call = context.node.functions[index]!;
    const [value, number, other] = call.args;
    if (value?.kind !== 'column') throw bugError(`the argument of ${call.name} is not a column`);
    this.context = context;
    this.call = call;
    this.functions = [index];
    this.slot = context.slotOf(value.column);
    this.other = other?.kind === 'column' ? context.slotOf(other.column) : undefined;
    this.number = argumentOf(context, number, 1);
    const isOffset = call.name === 'lag' || call.name === 'lead';
    this.frame = isOffset ? undefined : new FrameBounds(context, call.frame, context.groupsOf(call.orderCount));
    this.reach = this.frame ? this.frame.reach : this.offsetReach();
    this.filled = call.ignoreNulls ? new FilledRows(context, this.slot.validityOffset) : undefined;
    const vector = new Vector(physicalTypeOf(call.type));
    this.vectors = [vector];
    this.unpack = unpackKernelOf(kernels, vector.physical);
    this.positions = scope.allocate(BATCH_ROWS * 4);
    this.pointers = scope.allocate(BATCH_ROWS * 4);
    this.parts = scope.allocate(3 * PART_BYTES);
    this.values = scope.allocate(BATCH_ROWS * byteWidthOf(vector.physical));
    this.validity = scope.allocate(BATCH_ROWS);
  }

  evaluate(from: number, count: number): void {
    this.filled?.update();
    if (this.frame) this.findInFrame(this.frame, from, count);
    else this.findByOffset(from, count);
    const { kernels } = this.context.lane;
    const { slot, other, pointers } = this;
    this.pointTo(from, count, other ? other.offset - slot.offset : 0);
    this.unpack(pointers, slot.offset, count, this.values);
    if (other) this.pointTo(from, count, other.validityOffset - slot.validityOffset);
    const hasNulls = kernels.unpackValidity(pointers, slot.validityOffset, count, this.validity) !== 0;
    this.vectors[0]!.setFlat(this.values, hasNulls ? this.validity : 0);
  }

  shift(dropped: number): void {
    this.frame?.shift(dropped);
    this.filled?.shift(dropped);
  }

  reset(): void {
    this.frame?.reset();
    this.filled?.reset();
  }

  close(): void {
    this.filled?.free();
  }

  private offsetReach(): WindowReach {
    const { offset, constant } = this.number;
    if (offset !== 0) return { before: 'partition', behind: 'partition' };
    const distance = this.call.name === 'lag' ? -constant : constant;
    if (this.call.ignoreNulls) {
      return { before: distance < 0 ? 'partition' : 0, behind: distance > 0 ? 'partition' : 0 };
    }
    return { before: Math.max(0, -distance), behind: Math.max(0, distance) };
  }

  /** `difference`: by how much the default lies behind the value, where there is one. */
  private pointTo(from: number, count: number, difference: number): void {
    const { lane, segment, nullRow } = this.context;
    lane.kernels.positionRows(
      this.positions,
      from,
      count,
      segment.rows.pointer,
      nullRow,
      this.other !== undefined,
      difference,
      this.pointers,
    );
  }

  private findByOffset(from: number, count: number): void {
    const { partitions, rows } = this.context.segment;
    const { offset, validityOffset, constant } = this.number;
    const { kernels } = this.context.lane;
    const { filled, positions } = this;
    const sign = this.call.name === 'lag' ? -1 : 1;
    const [ordinals, starts] = [partitions.ordinals.pointer, partitions.starts.pointer];
    const number = [rows.pointer, offset, validityOffset, constant] as const;
    const offsets: OffsetsOfRows = [from, count, ordinals, starts, ...number, sign];
    if (filled) kernels.filledOffsetPositions(...offsets, filled.counts.pointer, filled.filled.pointer, positions);
    else kernels.offsetPositions(...offsets, positions);
  }

  private findInFrame(frame: FrameBounds, from: number, count: number): void {
    frame.find(from, count);
    const { rows } = this.context.segment;
    const { offset, validityOffset, constant } = this.number;
    const { kernels } = this.context.lane;
    const { filled, parts, positions } = this;
    const { lows, highs, exclude } = frame;
    const sign = this.call.name === 'last_value' ? -1 : 1;
    const [groups, groupStarts] = [frame.groups.ordinals.pointer, frame.groups.starts.pointer];
    const number = [rows.pointer, offset, validityOffset, constant] as const;
    const places: PlacesInFrames = [from, count, lows, highs, exclude, groups, groupStarts, ...number, sign];
    const failed = filled
      ? kernels.filledFramePositions(...places, filled.counts.pointer, filled.filled.pointer, parts, positions)
      : kernels.framePositions(...places, parts, positions);
    if (failed === 0) return;
    throw userError('22016', 'argument of nth_value must be greater than zero', { hint: 'Rows are counted from 1.' });
  }
}
