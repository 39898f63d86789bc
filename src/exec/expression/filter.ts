import { op } from '../../functions/opcodes.js';
import type { Expression } from '../../planner/expression.js';
import type { Batch } from '../../vector/vector.js';
import { BLOCK_COUNT, BLOCK_TARGET } from './argument-block.js';
import type { ExpressionContext } from './expression-context.js';
import type { ExpressionGenerator } from './expression-generator.js';
import { type GraphNode, graphOfOne } from './expression-graph.js';
import { type FunctionWriter, ROW_PARAMETER } from './function-writer.js';
import { Program } from './program.js';
import { evaluateEntries } from './projector.js';

/** Finds the rows of batches for which a predicate is true. */
export class Filter extends Program {
  constructor(context: ExpressionContext, predicate: Expression) {
    const { graph, roots } = graphOfOne(predicate);
    super(
      context,
      graph,
      roots,
      [{ name: 'filter', emit: (generator, writer) => emitFilter(generator, writer, roots[0]!) }],
      {
        key: 'filter',
        outputCount: 0,
        hoist: evaluateEntries,
      },
    );
  }

  /** Writes the numbers of the rows that pass to `selectionTarget`, one u32 each (room for all rows); returns how many. */
  select(batch: Batch, selectionTarget: number): number {
    this.resetHeap();
    this.bind(batch);
    this.setWord(BLOCK_TARGET, selectionTarget);
    this.setWord(BLOCK_COUNT, 0);
    this.run('filter', batch.rowCount);
    return this.word(BLOCK_COUNT);
  }
}

/** Every row number is written; the place only moves on when the row passes, so there is no branch to mispredict. */
function emitFilter(generator: ExpressionGenerator, writer: FunctionWriter, root: GraphNode): void {
  const place = writer.local('i32');
  writer.prologue(() => {
    writer.block();
    writer.load('i32', BLOCK_TARGET);
    writer.block();
    writer.load('i32', BLOCK_COUNT);
    writer.i32(2);
    writer.op(op.i32Shl, op.i32Add);
    writer.set(place);
  });
  const passes = writer.local('i32');
  generator.truth(root, true);
  writer.set(passes);
  writer.get(place);
  writer.get(ROW_PARAMETER);
  writer.store('i32');
  writer.get(place);
  writer.get(passes);
  writer.i32(2);
  writer.op(op.i32Shl, op.i32Add);
  writer.set(place);
  writer.epilogue(() => {
    writer.block();
    writer.get(place);
    writer.block();
    writer.load('i32', BLOCK_TARGET);
    writer.op(op.i32Sub);
    writer.i32(2);
    writer.op(op.i32ShrU);
    writer.store('i32', BLOCK_COUNT);
  });
}
