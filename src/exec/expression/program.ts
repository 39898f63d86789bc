import { bugError, canceledError, MillraceError, userError } from '../../common/errors.js';
import type { Batch, Vector } from '../../vector/vector.js';
import {
  BLOCK_CANCELLED,
  BLOCK_CONSTANTS,
  BLOCK_ENTRY_BYTES,
  BLOCK_HEAP_CURRENT,
  BLOCK_HEAP_NEEDED,
  BLOCK_INPUTS,
  BLOCK_KEEP_CURRENT,
  BLOCK_RANDOM,
  BLOCK_STATUS,
  STATUS_CANCELLED,
  STATUS_DONE,
  STATUS_HEAP,
  STATUS_KEEP,
  STATUS_WIDEN,
} from './argument-block.js';
import { ByteHeap } from './byte-heap.js';
import { writeConstants } from './constant-block.js';
import { DictionaryHoist, type EntryEvaluatorFactory, type HoistedEntries } from './dictionary-hoist.js';
import type { CompiledModule, ExpressionContext, GeneratedModule } from './expression-context.js';
import { expressionError } from './expression-errors.js';
import { ExpressionGenerator } from './expression-generator.js';
import type { ExpressionGraph, GraphNode } from './expression-graph.js';
import { FunctionWriter } from './function-writer.js';
import type { DecimalMode, HostCall } from './generated-values.js';
import { HostCaller } from './host-caller.js';
import {
  InputCode,
  type InputSlot,
  SHAPE_CONSTANT,
  SHAPE_DICTIONARY,
  SHAPE_FLAT,
  SHAPE_HOISTED,
  SHAPE_HOISTED_VALID,
  SHAPE_NONE,
  SHAPE_NULLS,
} from './input-code.js';
import { fillTables, formOf, type ProgramForm } from './program-form.js';
import { RANDOM_STATE_BYTES, seedRandomState, setRandomClock } from './random-state.js';
import { ModuleWriter } from './wasm-writer.js';

type RowFunction = (block: number, row: number, end: number) => number;

/** A function of a program: its name and what its loop does with each row. */
export interface ProgramFunction {
  readonly name: string;
  /** `outputOffset`: where the block's entries of outputs begin. */
  readonly emit: (generator: ExpressionGenerator, writer: FunctionWriter, outputOffset: number) => void;
}

interface Variant {
  readonly functions: Readonly<Record<string, RowFunction>>;
}

/** After so many batches that left 64 bits, the 128-bit variant is used from the start. */
const MAX_WIDENED_BATCHES = 8;

/**
 * Expressions over one input, compiled for the shapes that its batches turn out to have. Subclasses say what is done
 * with the values.
 */
export class Program {
  readonly context: ExpressionContext;
  protected readonly block: number;
  protected readonly outputs: number;
  protected readonly heap: ByteHeap;
  protected readonly keep: ByteHeap;
  private readonly form: ProgramForm;
  private readonly functions: readonly ProgramFunction[];
  private readonly columns: readonly GraphNode[];
  private readonly hoists: readonly DictionaryHoist[];
  private readonly outputOffset: number;
  private readonly scratchOffset: number;
  private readonly shapes: Uint8Array;
  private readonly variants = new Map<string, Variant>();
  /** The state of the random bits of volatile calls; 0 where there are none. */
  private readonly random: number;
  private widenedBatches = 0;
  private shapeText: string | undefined;
  private slots: InputSlot[] = [];
  private narrow: Variant | undefined;
  private exact: Variant | undefined;
  private readonly hosts: HostCaller;

  constructor(
    context: ExpressionContext,
    graph: ExpressionGraph,
    roots: readonly GraphNode[],
    functions: readonly ProgramFunction[],
    options: { readonly key: string; readonly outputCount: number; readonly hoist: EntryEvaluatorFactory | undefined },
  ) {
    this.context = context;
    this.functions = functions;
    const form = formOf(graph, roots, options.key);
    this.form = form;
    this.columns = form.columns;
    this.hoists = options.hoist ? DictionaryHoist.find(context, roots, options.hoist) : [];
    const inputEntries = this.columns.length + 2 * this.hoists.length;
    this.outputOffset = BLOCK_INPUTS + inputEntries * BLOCK_ENTRY_BYTES;
    this.shapes = new Uint8Array(this.columns.length + this.hoists.length).fill(255);
    this.scratchOffset = this.outputOffset + options.outputCount * BLOCK_ENTRY_BYTES;
    this.block = context.scope.allocateCleared(this.scratchOffset + form.scratchBytes);
    this.outputs = this.block + this.outputOffset;
    this.heap = new ByteHeap(context.shared, context.scope, this.block + BLOCK_HEAP_CURRENT);
    this.keep = new ByteHeap(context.shared, context.scope.createChild(), this.block + BLOCK_KEEP_CURRENT);
    this.setWord(BLOCK_CONSTANTS, writeConstants(context, graph.slots));
    this.setWord(BLOCK_CANCELLED, context.cancelled);
    this.random = form.isVolatile ? context.scope.allocateCleared(RANDOM_STATE_BYTES) : 0;
    if (this.random !== 0) seedRandomState(context.shared, this.random);
    this.setWord(BLOCK_RANDOM, this.random);
    fillTables(context.shared, form);
    this.hosts = new HostCaller(
      context.shared,
      context.scope,
      this.block,
      this.block + this.scratchOffset,
      graph.slots,
    );
  }

  protected setWord(offset: number, value: number): void {
    this.context.shared.u32[(this.block + offset) >>> 2] = value;
  }

  protected word(offset: number): number {
    return this.context.shared.u32[(this.block + offset) >>> 2]!;
  }

  /** Frees nothing: forgets the text that the last call produced. */
  protected resetHeap(): void {
    this.heap.reset();
  }

  /** Binds the columns of a batch; picks, or compiles, the code for their shape. */
  protected bind(batch: Batch): void {
    let changed = false;
    for (let index = 0; index < this.columns.length; index++) {
      const expression = this.columns[index]!.expression as { column: number };
      const column = batch.columns[expression.column];
      if (!column) throw bugError(`a batch has no column ${expression.column}`);
      if (this.changesShape(index, this.bindColumn(index, column))) changed = true;
    }
    for (let index = 0; index < this.hoists.length; index++) {
      if (this.changesShape(this.columns.length + index, this.bindHoist(index, batch))) changed = true;
    }
    if (changed || this.shapeText === undefined) this.selectVariants();
  }

  private changesShape(place: number, shape: number): boolean {
    if (this.shapes[place] === shape) return false;
    this.shapes[place] = shape;
    return true;
  }

  private bindColumn(index: number, column: Vector): number {
    const entry = BLOCK_INPUTS + index * BLOCK_ENTRY_BYTES;
    this.setWord(entry, column.data);
    this.setWord(entry + 4, column.validity);
    this.setWord(entry + 8, column.codes);
    return columnShape(column);
  }

  private bindHoist(index: number, batch: Batch): number {
    const hoist = this.hoists[index]!;
    const column = batch.columns[hoist.column]!;
    const result = hoist.evaluate(column, batch.rowCount);
    if (!result) return SHAPE_NONE;
    const entry = BLOCK_INPUTS + (this.columns.length + 2 * index) * BLOCK_ENTRY_BYTES;
    this.setWord(entry, result.data);
    this.setWord(entry + 4, column.validity);
    this.setWord(entry + 8, column.codes);
    this.setWord(entry + 12, column.dictionarySize);
    this.setWord(entry + BLOCK_ENTRY_BYTES + 4, result.validity);
    return hoistShape(column, result);
  }

  /** The vector of a root whose value was computed per dictionary entry, ready to be handed on as a dictionary. */
  protected hoistedResult(node: GraphNode): DictionaryHoist | undefined {
    return this.hoists.find((hoist) => hoist.node === node && hoist.current !== undefined);
  }

  private selectVariants(): void {
    this.slots = this.columns.map((node, index) => ({
      key: node.key,
      shape: this.shapes[index]!,
      column: node.columns[0]!,
    }));
    this.hoists.forEach((hoist, index) => {
      const shape = this.shapes[this.columns.length + index]!;
      // Two entries of the block each, so that the numbering holds whether or not it takes part.
      this.slots.push({ key: shape === SHAPE_NONE ? '' : hoist.node.key, shape, column: hoist.column });
      this.slots.push({ key: '', shape: SHAPE_NONE, column: -1 });
    });
    this.shapeText = Array.from(this.shapes, (shape) => String.fromCharCode(97 + shape)).join('');
    this.exact = undefined;
    this.narrow = this.form.canNarrow ? this.variant('narrow') : undefined;
  }

  private variant(mode: DecimalMode): Variant {
    const key = `${mode}:${this.shapeText}`;
    let variant = this.variants.get(key);
    if (!variant) {
      const compiled = this.form.compiled.get(key) ?? this.module(key, mode);
      const bound = this.hosts.bind(compiled.hostCalls);
      const instance = this.context.instance(compiled, bound);
      variant = { functions: instance.exports as unknown as Record<string, RowFunction> };
      this.variants.set(key, variant);
    }
    return variant;
  }

  private module(key: string, mode: DecimalMode): CompiledModule {
    const { form, context } = this;
    const compiled = context.module(`${form.key}|${key}`, () => this.compile(mode));
    if (!context.shared.isChecked) form.compiled.set(key, compiled);
    return compiled;
  }

  private compile(mode: DecimalMode): GeneratedModule {
    const module = new ModuleWriter();
    const hostCalls: HostCall[] = [];
    for (const { name, emit } of this.functions) {
      const writer = new FunctionWriter(module, mode === 'narrow');
      const inputs = new InputCode(writer, this.slots);
      const generator = new ExpressionGenerator(writer, mode, inputs, hostCalls, this.scratchOffset);
      emit(generator, writer, this.outputOffset);
      module.addFunction(name, ['i32', 'i32', 'i32'], ['i32'], writer.finish());
    }
    return { bytes: module.toBytes(), imports: module.importedNames, hostCalls };
  }

  /** Runs a function over rows 0 … rowCount, resuming it where it asks for memory or for wider decimals. */
  protected run(name: string, rowCount: number): void {
    if (rowCount === 0) return;
    if (this.random !== 0) setRandomClock(this.context.shared, this.random);
    let useNarrow = this.narrow !== undefined && this.widenedBatches < MAX_WIDENED_BATCHES;
    let stoppedAt = -1;
    let supplied = 0;
    for (let row = 0; row < rowCount; ) {
      if (!useNarrow) this.exact ??= this.variant('exact');
      const variant = useNarrow ? this.narrow! : this.exact!;
      row = this.call(variant.functions[name]!, row, rowCount);
      const status = this.word(BLOCK_STATUS);
      if (status === STATUS_DONE) return;
      this.setWord(BLOCK_STATUS, STATUS_DONE);
      if (status === STATUS_HEAP) {
        // A row that stops once more is done from its beginning, and may want many times what it was given before.
        const needed = this.word(BLOCK_HEAP_NEEDED);
        supplied = this.heap.supply(row === stoppedAt ? 2 * supplied + needed : needed);
        stoppedAt = row;
      } else if (status === STATUS_KEEP) this.keep.supply(this.word(BLOCK_HEAP_NEEDED));
      else if (status === STATUS_WIDEN) {
        useNarrow = false;
        this.widenedBatches++;
      } else if (status === STATUS_CANCELLED) throw canceledError();
      else throw expressionError(status);
    }
  }

  private call(run: RowFunction, row: number, end: number): number {
    try {
      return run(this.block, row, end) >>> 0;
    } catch (error) {
      this.setWord(BLOCK_STATUS, STATUS_DONE);
      if (error instanceof MillraceError) throw error;
      // What is nested deeper than a function of JavaScript can follow.
      if (error instanceof RangeError && /call stack/.test(error.message)) {
        throw userError('54001', 'stack depth limit exceeded', {
          hint: 'The value is nested too deeply.',
          cause: error,
        });
      }
      throw bugError(`generated code trapped: ${(error as Error).message}`, { cause: error });
    }
  }
}

function columnShape(column: Vector): number {
  const base =
    column.encoding === 'flat' ? SHAPE_FLAT : column.encoding === 'dictionary' ? SHAPE_DICTIONARY : SHAPE_CONSTANT;
  return column.validity === 0 ? base : base | SHAPE_NULLS;
}

/** The entry for NULL matters only where there are rows of NULL. */
function hoistShape(column: Vector, { validity, hasNull }: HoistedEntries): number {
  if (column.validity === 0) return hasNull ? SHAPE_HOISTED : SHAPE_HOISTED_VALID;
  return (validity === 0 ? SHAPE_HOISTED_VALID : SHAPE_HOISTED) | SHAPE_NULLS;
}
