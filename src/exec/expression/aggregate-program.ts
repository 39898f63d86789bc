import { op } from '../../functions/opcodes.js';
import type { AggregateCall } from '../../planner/expression.js';
import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import { type Batch, Vector } from '../../vector/vector.js';
import { emitCombine } from './aggregate-combine-code.js';
import { type AggregateLayout, aggregateLayoutOf } from './aggregate-layout.js';
import { emitResults } from './aggregate-result-code.js';
import { emitUpdate } from './aggregate-update-code.js';
import { BLOCK_ENTRY_BYTES, BLOCK_SOURCES, BLOCK_TARGET } from './argument-block.js';
import type { ExpressionContext } from './expression-context.js';
import { type FunctionWriter, ROW_PARAMETER } from './function-writer.js';
import { Program } from './program.js';
import { evaluateEntries } from './projector.js';
import { localCells, memoryCells } from './state-cells.js';

/**
 * A list of aggregates: one fused loop evaluates their arguments and updates the states of the rows' groups. States
 * belong to the caller: `stateBytes` each, 8-byte aligned, all zero when empty. They can be copied, and merged by another
 * program of the same calls. Texts that they keep lie in memory of the program, and are named by `textOffsets` and
 * `listOffsets`.
 */
export class AggregateProgram {
  /** A multiple of 8. */
  readonly stateBytes: number;
  /** Where in a state there is the view of a text, and where a list (kernels/assembly/text-list.ts). */
  readonly textOffsets: readonly number[];
  readonly listOffsets: readonly number[];
  /** Is the state of some rows and those before them made of both, in a few instructions? */
  readonly isRunning: boolean;
  /** May states of rows be combined in any order? */
  readonly isOrderless: boolean;
  private readonly context: ExpressionContext;
  private readonly layout: AggregateLayout;
  private single: UpdateProgram | undefined;
  private grouped: UpdateProgram | undefined;
  private states: StateProgram | undefined;

  constructor(context: ExpressionContext, aggregates: readonly AggregateCall[]) {
    this.context = context;
    this.layout = aggregateLayoutOf(aggregates);
    this.stateBytes = this.layout.byteLength;
    this.textOffsets = this.layout.textOffsets;
    this.listOffsets = this.layout.listOffsets;
    this.isRunning = this.layout.isRunning;
    this.isOrderless = this.layout.isOrderless;
  }

  /** Memory that the texts of grouped states take, those that were replaced included. */
  get keptBytes(): number {
    return this.grouped?.keptBytes ?? 0;
  }

  /** Frees them: no grouped state is left that has one. */
  forgetKept(): void {
    this.grouped?.forgetKept();
  }

  /** All rows belong to one group. */
  updateSingle(batch: Batch, statePointer: number): void {
    this.single ??= new UpdateProgram(this.context, this.layout, false);
    this.single.update(batch, statePointer);
  }

  /** `groupPointers`: one u32 a row, the address of the state of its group. */
  updateGrouped(batch: Batch, groupPointers: number): void {
    this.grouped ??= new UpdateProgram(this.context, this.layout, true);
    this.grouped.update(batch, groupPointers);
  }

  /** Loads into the cache what lists of the rows' groups are about to be appended to: worth it for many groups. */
  touchLists(groupPointers: number, rowCount: number): void {
    for (const offset of this.listOffsets) this.context.kernels.touchListEnds(groupPointers, offset, rowCount);
  }

  /** Merges `count` states, listed as addresses (u32) in `sources`, into those listed in `targets`, in order. */
  combine(targets: number, sources: number, count: number): void {
    this.states ??= new StateProgram(this.context, this.layout);
    this.states.combine(targets, sources, count);
  }

  /** The results of `count` states, listed as addresses (u32). Valid until the next call. */
  finalize(states: number, count: number): Vector[] {
    this.states ??= new StateProgram(this.context, this.layout);
    return this.states.finalize(states, count);
  }
}

class UpdateProgram extends Program {
  constructor(context: ExpressionContext, layout: AggregateLayout, grouped: boolean) {
    super(
      context,
      layout.graph,
      layout.roots,
      [
        {
          name: 'update',
          emit: (generator, writer) => {
            const cells = grouped
              ? memoryCells(writer, statePointer(writer, BLOCK_TARGET))
              : localCells(writer, () => {
                  writer.block();
                  writer.load('i32', BLOCK_TARGET);
                });
            emitUpdate(generator, writer, layout, cells);
          },
        },
      ],
      { key: `${grouped ? 'grouped' : 'single'} ${layout.key}`, outputCount: 0, hoist: evaluateEntries },
    );
  }

  get keptBytes(): number {
    return this.keep.byteLength;
  }

  forgetKept(): void {
    this.keep.free();
  }

  update(batch: Batch, target: number): void {
    this.resetHeap();
    this.bind(batch);
    this.setWord(BLOCK_TARGET, target);
    this.run('update', batch.rowCount);
  }
}

/** Loads this row's u32 of the array whose address is in a word of the block. */
function statePointer(writer: FunctionWriter, word: number): number {
  const array = writer.local('i32');
  const state = writer.local('i32');
  writer.prologue(() => {
    writer.block();
    writer.load('i32', word);
    writer.set(array);
  });
  writer.get(array);
  writer.get(ROW_PARAMETER);
  writer.i32(2);
  writer.op(op.i32Shl, op.i32Add);
  writer.load('i32');
  writer.set(state);
  return state;
}

const noBatch: Batch = { rowCount: 0, columns: [] };

class StateProgram extends Program {
  private readonly vectors: Vector[];
  private capacity = 0;
  private buffers: { data: number; validity: number }[] = [];

  constructor(context: ExpressionContext, layout: AggregateLayout) {
    super(
      context,
      layout.stateGraph,
      [],
      [
        {
          name: 'combine',
          emit: (generator, writer) => {
            const target = memoryCells(writer, statePointer(writer, BLOCK_TARGET));
            const source = memoryCells(writer, statePointer(writer, BLOCK_SOURCES));
            emitCombine(generator, writer, layout, target, source);
          },
        },
        {
          name: 'finalize',
          emit: (_, writer, outputOffset) => {
            const cells = memoryCells(writer, statePointer(writer, BLOCK_TARGET));
            emitResults(writer, layout, cells, outputOffset);
          },
        },
      ],
      {
        key: `states ${layout.key} ${layout.results.map((result) => result.key).join()}`,
        outputCount: layout.results.length,
        hoist: undefined,
      },
    );
    this.vectors = layout.results.map(({ type }) => new Vector(physicalTypeOf(type)));
  }

  combine(targets: number, sources: number, count: number): void {
    this.bind(noBatch);
    this.setWord(BLOCK_TARGET, targets);
    this.setWord(BLOCK_SOURCES, sources);
    this.run('combine', count);
  }

  finalize(states: number, count: number): Vector[] {
    this.resetHeap();
    if (count > this.capacity) this.allocate(count);
    const { u32 } = this.context.shared;
    this.vectors.forEach((vector, index) => {
      const { data, validity } = this.buffers[index]!;
      const entry = (this.outputs + index * BLOCK_ENTRY_BYTES) >>> 2;
      u32[entry] = data;
      u32[entry + 1] = validity;
      u32[entry + 2] = 0;
      vector.setFlat(data, validity);
    });
    this.bind(noBatch);
    this.setWord(BLOCK_TARGET, states);
    this.run('finalize', count);
    this.vectors.forEach((vector, index) => {
      if (u32[((this.outputs + index * BLOCK_ENTRY_BYTES) >>> 2) + 2] === 0) vector.validity = 0;
    });
    return this.vectors;
  }

  private allocate(count: number): void {
    this.capacity = count;
    this.buffers = this.vectors.map(({ physical }) => ({
      data: this.context.scope.allocate(count * byteWidthOf(physical)),
      validity: this.context.scope.allocate(count),
    }));
  }
}
