import type { ColumnExpression, Expression } from '../../planner/expression.js';
import { type Batch, Vector } from '../../vector/vector.js';
import type { ExpressionContext } from './expression-context.js';
import type { GraphNode } from './expression-graph.js';

/** The value of an expression for each entry of a dictionary, and one more for NULL. */
export interface HoistedEntries {
  readonly data: number;
  /** One byte an entry, the one for NULL included; 0 when none is NULL. */
  readonly validity: number;
  /** Is one of the dictionary's own entries NULL? */
  readonly hasNull: boolean;
}

/** Evaluates one expression over a batch of one column; the result is valid until it is called again. */
export interface EntryEvaluator {
  evaluate(batch: Batch): Vector[];
}

export type EntryEvaluatorFactory = (context: ExpressionContext, expression: Expression) => EntryEvaluator;

interface CachedEntries extends HoistedEntries {
  dictionaryId: number;
  /** Evaluating an entry raised an error: rows are evaluated one by one. */
  failed: boolean;
}

/** So many dictionaries are remembered; a scan goes from one row group's to the next's. */
const REMEMBERED_DICTIONARIES = 2;

/**
 * An expression that depends on one column only: where that column is a dictionary with fewer entries than rows, it is
 * evaluated once an entry.
 */
export class DictionaryHoist {
  readonly node: GraphNode;
  readonly column: number;
  /** The entries that the last `evaluate` gave. */
  current: HoistedEntries | undefined;
  private readonly context: ExpressionContext;
  private readonly evaluators: EntryEvaluator[] = [];
  private readonly createEvaluator: EntryEvaluatorFactory;
  private readonly cache: CachedEntries[] = [];
  private readonly validities: { pointer: number; capacity: number }[] = [];
  private readonly input: Batch;
  private turn = 0;
  private waitingId = 0;
  private waitingRows = 0;

  private constructor(context: ExpressionContext, node: GraphNode, createEvaluator: EntryEvaluatorFactory) {
    this.createEvaluator = createEvaluator;
    this.context = context;
    this.node = node;
    this.column = node.columns[0]!;
    this.input = { rowCount: 0, columns: [new Vector('i32')] };
  }

  static find(
    context: ExpressionContext,
    roots: readonly GraphNode[],
    createEvaluator: EntryEvaluatorFactory,
  ): DictionaryHoist[] {
    return DictionaryHoist.candidates(roots).map((node) => new DictionaryHoist(context, node, createEvaluator));
  }

  /** The largest subexpressions of `roots` that depend on one column. */
  static candidates(roots: readonly GraphNode[]): GraphNode[] {
    const found = new Set<GraphNode>();
    const visit = (node: GraphNode): void => {
      if (node.columns.length === 0 || node.expression.kind === 'column') return;
      const isClosed = node.variables.length === 0 && !node.volatile;
      if (node.columns.length === 1 && isClosed && isWorthATable(node)) found.add(node);
      else node.children.forEach(visit);
    };
    roots.forEach(visit);
    return [...found];
  }

  /** Undefined when the rows are to be evaluated one by one. */
  evaluate(column: Vector, rowCount: number): HoistedEntries | undefined {
    this.current = undefined;
    if (column.encoding !== 'dictionary') return undefined;
    const id = column.dictionaryId;
    let cached = this.cache.find((entry) => entry.dictionaryId === id && id !== 0);
    if (!cached) {
      if (!this.isWorthwhile(column, rowCount)) return undefined;
      cached = this.evaluateEntries(column);
    }
    if (!cached.failed) this.current = cached;
    return this.current;
  }

  /** Once as many rows have come as there are entries, the entries are evaluated. */
  private isWorthwhile(column: Vector, rowCount: number): boolean {
    if (column.dictionaryId !== this.waitingId) {
      this.waitingId = column.dictionaryId;
      this.waitingRows = 0;
    }
    this.waitingRows += rowCount;
    return column.dictionarySize <= this.waitingRows;
  }

  private evaluateEntries(column: Vector): CachedEntries {
    const place = this.turn % REMEMBERED_DICTIONARIES;
    this.turn++;
    const count = column.dictionarySize + 1;
    const [input] = this.input.columns as [Vector];
    input.physical = column.physical;
    input.setFlat(column.data, this.validityFor(place, count));
    this.input.rowCount = count;
    this.evaluators[place] ??= this.createEvaluator(this.context, onColumnZero(this.node.expression));
    const entry: CachedEntries = {
      dictionaryId: column.dictionaryId,
      failed: false,
      data: 0,
      validity: 0,
      hasNull: false,
    };
    try {
      const [result] = this.evaluators[place].evaluate(this.input) as [Vector];
      this.cache[place] = this.describe(entry, result, count);
    } catch {
      this.cache[place] = { ...entry, failed: true };
    }
    return this.cache[place];
  }

  /** `count` bytes: valid, but the last. */
  private validityFor(place: number, count: number): number {
    let buffer = this.validities[place];
    if (!buffer || buffer.capacity < count) {
      buffer = { pointer: this.context.scope.allocate(count * 2), capacity: count * 2 };
      this.validities[place] = buffer;
    }
    this.context.shared.u8.fill(1, buffer.pointer, buffer.pointer + count - 1);
    this.context.shared.u8[buffer.pointer + count - 1] = 0;
    return buffer.pointer;
  }

  private describe(entry: CachedEntries, result: Vector, count: number): CachedEntries {
    const { u8 } = this.context.shared;
    const { data, validity } = result;
    return { ...entry, data, validity, hasNull: validity !== 0 && u8.indexOf(0, validity) < validity + count - 1 };
  }
}

/** A little arithmetic is cheaper than another table to look things up in; conditions make small tables. */
function isWorthATable(node: GraphNode): boolean {
  return node.expensive || node.type.kind === 'boolean';
}

/** The expression with its one column as column 0. */
function onColumnZero(expression: Expression): Expression {
  if (expression.kind === 'column') return { ...expression, column: 0 } satisfies ColumnExpression;
  const copy: Record<string, unknown> = { ...expression };
  for (const [name, value] of Object.entries(copy)) copy[name] = mapped(name, value);
  return copy as unknown as Expression;
}

const childNames = new Set([
  'left',
  'right',
  'input',
  'otherwise',
  'when',
  'then',
  'operands',
  'args',
  'branches',
  'array',
  'start',
  'body',
]);

function mapped(name: string, value: unknown): unknown {
  if (!childNames.has(name) || value === undefined) return value;
  if (!Array.isArray(value)) return onColumnZero(value as Expression);
  if (name !== 'branches') return value.map((child: Expression) => onColumnZero(child));
  return (value as { when: Expression; then: Expression }[]).map((branch) => ({
    when: onColumnZero(branch.when),
    // biome-ignore lint/suspicious/noThenProperty: the field of CaseExpression is called so.
    then: onColumnZero(branch.then),
  }));
}
