import { isRelabeling } from '../../functions/casts/casts.js';
import type { Expression } from '../../planner/expression.js';
import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch, Vector } from '../../vector/vector.js';
import { BLOCK_ENTRY_BYTES } from './argument-block.js';
import type { EntryEvaluatorFactory } from './dictionary-hoist.js';
import { deriveDictionaryId, type ExpressionContext } from './expression-context.js';
import type { ExpressionGenerator } from './expression-generator.js';
import { type ExpressionGraph, type GraphNode, graphOf, graphOfOne } from './expression-graph.js';
import type { FunctionWriter } from './function-writer.js';
import { emitStore } from './output-code.js';
import { Program } from './program.js';

interface Output {
  readonly node: GraphNode;
  readonly vector: Vector;
  /** The column it is, when it is nothing more. */
  readonly column: number;
  /** Place among the computed outputs. */
  readonly index: number;
  data: number;
  validity: number;
  dictionaryOf: number;
  dictionaryId: number;
}

/** Evaluates expressions over batches. What `evaluate` returns is valid until it is called again. */
export class Projector {
  private readonly program: ProjectionProgram;
  private readonly outputs: Output[];
  private readonly vectors: Vector[];
  private readonly context: ExpressionContext;
  private capacity = 0;

  /** `hoist`: evaluate per dictionary entry where that is less work. */
  constructor(context: ExpressionContext, expressions: readonly Expression[], hoist = true) {
    const { graph, roots } = expressions.length === 1 ? graphOfOne(expressions[0]!) : graphOf(expressions);
    this.context = context;
    let computed = 0;
    this.outputs = roots.map((node) => ({
      node,
      vector: new Vector(physicalTypeOf(node.type)),
      column: columnOf(node.expression),
      index: columnOf(node.expression) >= 0 ? -1 : computed++,
      data: 0,
      validity: 0,
      dictionaryOf: 0,
      dictionaryId: 0,
    }));
    this.vectors = this.outputs.map((output) => output.vector);
    this.program = new ProjectionProgram(context, graph, this.outputs, hoist);
  }

  evaluate(batch: Batch): Vector[] {
    if (batch.rowCount > this.capacity) this.allocate(Math.max(batch.rowCount, BATCH_ROWS));
    this.program.evaluate(batch, this.outputs);
    return this.vectors.map((vector, index) => {
      const { column } = this.outputs[index]!;
      return column >= 0 ? batch.columns[column]! : vector;
    });
  }

  private allocate(rowCount: number): void {
    this.capacity = rowCount;
    for (const output of this.outputs) {
      if (output.index < 0) continue;
      output.data = this.context.scope.allocate(rowCount * byteWidthOf(output.vector.physical));
      output.validity = this.context.scope.allocate(rowCount);
    }
  }
}

/** The column that an expression hands on as it is, casts that only change the name of the type apart; else -1. */
function columnOf(expression: Expression): number {
  if (expression.kind === 'column') return expression.column;
  if (expression.kind !== 'cast' || !isRelabeling(expression.input.type, expression.type)) return -1;
  return columnOf(expression.input);
}

/** How subexpressions are evaluated over the entries of a dictionary. */
export const evaluateEntries: EntryEvaluatorFactory = (context, expression) =>
  new Projector(context, [expression], false);

class ProjectionProgram extends Program {
  private readonly isEmpty: boolean;

  constructor(context: ExpressionContext, graph: ExpressionGraph, outputs: readonly Output[], hoist: boolean) {
    const computed = outputs.filter((output) => output.index >= 0);
    const roots = computed.map((output) => output.node);
    super(
      context,
      graph,
      roots,
      [{ name: 'project', emit: (generator, writer, offset) => emitOutputs(generator, writer, roots, offset) }],
      { key: 'project', outputCount: roots.length, hoist: hoist ? evaluateEntries : undefined },
    );
    this.isEmpty = roots.length === 0;
  }

  evaluate(batch: Batch, outputs: readonly Output[]): void {
    if (this.isEmpty) return;
    this.resetHeap();
    this.bind(batch);
    let pending = 0;
    for (const output of outputs) {
      if (output.index < 0) continue;
      const entry = this.outputs + output.index * BLOCK_ENTRY_BYTES;
      const { u32 } = this.context.shared;
      u32[entry >>> 2] = output.data;
      u32[(entry >>> 2) + 1] = output.validity;
      u32[(entry >>> 2) + 2] = 0;
      if (this.passDictionary(output, batch)) continue;
      pending++;
      output.vector.setFlat(output.data, output.validity);
    }
    if (pending > 0) this.run('project', batch.rowCount);
    for (const output of outputs) {
      const { vector } = output;
      if (output.index < 0 || vector.encoding !== 'flat') continue;
      const sawNull = this.context.shared.u32[((this.outputs + output.index * BLOCK_ENTRY_BYTES) >>> 2) + 2];
      if (sawNull === 0) vector.validity = 0;
    }
  }

  /** An expression that was evaluated per entry is handed on as a dictionary, if none of its entries is NULL. */
  private passDictionary(output: Output, batch: Batch): boolean {
    const hoist = this.hoistedResult(output.node);
    if (!hoist) return false;
    const column = batch.columns[hoist.column]!;
    const { data, validity, hasNull } = hoist.current!;
    const { u8 } = this.context.shared;
    const size = column.dictionarySize;
    const nullsFollow = validity !== 0 && u8[validity + size] === 0;
    if (column.validity !== 0 && !nullsFollow) return false;
    if (hasNull) return false;
    if (output.dictionaryOf !== column.dictionaryId || output.dictionaryOf === 0) {
      output.dictionaryOf = column.dictionaryId;
      output.dictionaryId = deriveDictionaryId();
    }
    output.vector.setDictionary(data, size, output.dictionaryId, column.codes, column.validity);
    return true;
  }
}

function emitOutputs(
  generator: ExpressionGenerator,
  writer: FunctionWriter,
  roots: readonly GraphNode[],
  outputOffset: number,
): void {
  roots.forEach((root, index) => {
    const memo = generator.valueInLocal(root);
    const physical = physicalTypeOf(root.type);
    let value = memo.local;
    if (physical === 'i128' && generator.mode === 'narrow') {
      value = writer.local('v128');
      writer.get(memo.local);
      writer.widen();
      writer.set(value);
    }
    emitStore(writer, physical, outputOffset, index, value, memo.nulls);
  });
}
