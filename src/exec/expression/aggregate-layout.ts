import { oncePer } from '../../common/once-per.js';
import type { AccumulatorKind, AggregateFinish, AggregateOverload } from '../../functions/function-types.js';
import type { WasmType } from '../../functions/opcodes.js';
import { aggregateOverload } from '../../functions/registry.js';
import type { AggregateCall, AggregateOrder, Expression } from '../../planner/expression.js';
import { textConstant } from '../../planner/logical/expression-tree.js';
import { byteWidthOf, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import { ExpressionGraph, type GraphNode } from './expression-graph.js';
import { structureOf } from './graph-structure.js';

/*
 * The state of a group: the accumulators of all aggregates, shared where equal, and all zero bytes when empty.
 *
 *   rows(filter)         i64: rows that passed the filter
 *   nulls(argument)      i64: those of them whose argument is NULL (so that code for columns without NULLs leaves it alone)
 *   exactSum(argument)   i128
 *   floatSum(argument)   f64
 *   product              f64, whose bits are turned over where those of 1 are set: empty, it is 1
 *   min, max, first      the value, 8 or 16 bytes, and an i64: is there one?
 *   list(argument, separator, key)   i64: a list of texts (kernels/assembly/text-list.ts)
 *   and, or              i64: was there a false, a true?
 *   bitAnd               i64: bits that were 0 in a value;  bitOr, bitXor: the value
 *   trues(argument)      i64
 *   moments              f64 count, sum, sum of squared deviations
 *   centralMoments       f64 count, mean and sums of powers (kernels/assembly/central-moments.ts)
 *   comoments(y, x)      f64 count, means of x and y and sums of products (kernels/assembly/comoments.ts)
 *   squares(argument)    128 bits of integers, 192 of i64, 320 of wide decimals (kernels/assembly/exact-variance.ts)
 *   intervalSum          the interval
 *   argMin, argMax …     the key, as min and max have it, then the value in the same way; the flag of a NULL is 0
 *   values(argument)     i64: a list of values by their order (kernels/assembly/value-list.ts)
 *   elements(argument)   i64: a list of values, NULLs included (kernels/assembly/element-list.ts)
 *   joined(argument, separator)   i64: texts, one behind the other (kernels/assembly/joined-text.ts)
 *   sketch(argument)     16 bytes: the view of registers (kernels/assembly/cardinality-sketch.ts)
 */
export interface Accumulator {
  readonly kind: AccumulatorKind | 'rows' | 'nulls' | 'elements' | 'joined';
  readonly offset: number;
  readonly argument: GraphNode | undefined;
  readonly filter: number;
  /** Of lists: what goes between the values. */
  readonly separator?: GraphNode | undefined;
  /** Of lists, what they are ordered by unless by themselves; of comoments, x; of argMin …, what decides. */
  readonly key?: GraphNode | undefined;
}

export interface AggregateResult {
  readonly type: SqlType;
  readonly finish: AggregateFinish;
  readonly argument: GraphNode | undefined;
  readonly rows: Accumulator;
  /** NULL arguments are not counted. Undefined for `count(*)`. */
  readonly nulls: Accumulator | undefined;
  /** What the value is made of; undefined for counts. */
  readonly value: Accumulator | undefined;
  /** Exact variances need the sum besides the squares. */
  readonly sum: Accumulator | undefined;
  readonly order: AggregateOrder | undefined;
  readonly parameter: number | null | undefined;
  /** Names what is computed from which accumulators, for the cache of modules. */
  readonly key: string;
}

const LONG_KINDS: ReadonlySet<Accumulator['kind']> = new Set(['list', 'values', 'elements', 'joined', 'sketch']);

/** What an array of one element is made of, where that is of fixed width: see `wrappedValue`. */
function wrappedElement(array: Expression | undefined): Expression | undefined {
  if (array?.kind !== 'call' || array.overload !== 'list_value(any...)' || array.args.length !== 1) return undefined;
  const [element] = array.args;
  return element && physicalTypeOf(element.type) !== 'string' ? element : undefined;
}

export const aggregateLayoutOf: (aggregates: readonly AggregateCall[]) => AggregateLayout = oncePer(
  (aggregates) => new AggregateLayout(aggregates),
);

/** Which accumulators a list of aggregate calls needs, and where they lie in the state. */
export class AggregateLayout {
  readonly graph: ExpressionGraph = new ExpressionGraph();
  readonly accumulators: Accumulator[] = [];
  readonly results: AggregateResult[] = [];
  /** Distinct FILTER conditions. */
  readonly filters: GraphNode[] = [];
  /** Names what is accumulated, for the cache of modules. */
  readonly key: string;
  readonly byteLength: number;
  /** Everything that code has to evaluate. */
  readonly roots: readonly GraphNode[];
  /** Of code that combines and finishes states, which reads no columns. */
  readonly stateGraph: ExpressionGraph = new ExpressionGraph();
  private size = 0;

  constructor(aggregates: readonly AggregateCall[]) {
    for (const call of aggregates) this.add(call, aggregateOverload(call.overload));
    this.byteLength = this.size;
    const parts = this.accumulators.map(({ kind, filter, ...nodes }) => {
      const keys = [nodes.argument, nodes.separator, nodes.key].map((node) => node?.key ?? '');
      return `${kind},${filter},${keys.join()}`;
    });
    const nodes = this.accumulators.flatMap(({ argument, separator, key }) => [argument, separator, key]);
    this.roots = [...new Set([...this.filters, ...nodes.filter((node) => node !== undefined)])];
    this.key = `aggregate(${parts.join(';')}) of ${structureOf(this.roots)}`;
  }

  /** Where states have views of texts that lie elsewhere. */
  get textOffsets(): number[] {
    const isText = ({ argument }: Accumulator): boolean => physicalTypeOf(argument!.type) === 'string';
    return this.accumulators
      .flatMap((accumulator) => {
        if (isArgKind(accumulator.kind)) return Object.values(partsOf(accumulator)).filter(isText);
        const { kind } = accumulator;
        const keeps = kind === 'min' || kind === 'max' || kind === 'first';
        return kind === 'sketch' || (keeps && isText(accumulator)) ? [accumulator] : [];
      })
      .map(({ offset }) => offset);
  }

  /** Where states have lists, whose items lie elsewhere. */
  get listOffsets(): number[] {
    const isList = ({ kind }: Accumulator): boolean => LONG_KINDS.has(kind) && kind !== 'sketch';
    return this.accumulators.filter(isList).map(({ offset }) => offset);
  }

  /** Lists and sketches are long. */
  get isRunning(): boolean {
    return this.accumulators.every(({ kind }) => !LONG_KINDS.has(kind));
  }

  /** Which of equal keys was first does not show from the states. */
  get isOrderless(): boolean {
    return this.accumulators.every(({ kind }) => !isArgKind(kind));
  }

  private add(call: AggregateCall, overload: AggregateOverload): void {
    const filter = call.filter ? this.filterNumber(this.graph.addRoot(call.filter)) : -1;
    const element = overload.finish === 'array' && !call.order ? wrappedElement(call.args[0]) : undefined;
    if (element) {
      this.addElements(call, this.graph.addRoot(element), filter);
      return;
    }
    const argument = call.args[0] ? this.graph.addRoot(call.args[0]) : undefined;
    const rows = this.accumulator('rows', undefined, filter, 8);
    const nulls = argument ? this.accumulator('nulls', argument, filter, 8) : undefined;
    const [kind, other] = overload.accumulators.filter((needed) => needed !== 'count');
    const rest = call.args.slice(1).map((part) => this.graph.addRoot(part));
    const isJoined = overload.finish === 'joined' && !call.order;
    const value = kind && argument && this.valueOf(isJoined ? 'joined' : kind, argument, filter, rest);
    const sum = other && argument && this.accumulator(other, argument, filter, sizeOf(other, argument));
    const { type, order, parameter } = call;
    const { finish } = overload;
    const offsets = [rows, nulls, value, sum].map((accumulator) => accumulator?.offset ?? '-');
    const key = `${finish} ${offsets.join(',')} ${JSON.stringify([type, order, parameter])}`;
    this.results.push({ type, finish, argument, rows, nulls, value, sum, order, parameter, key });
  }

  /** An array of all values, in no order: they need no arrays of their own before. */
  private addElements({ type }: AggregateCall, argument: GraphNode, filter: number): void {
    const rows = this.accumulator('rows', undefined, filter, 8);
    const value = this.accumulator('elements', argument, filter, 8);
    const rest = { nulls: undefined, sum: undefined, order: undefined, parameter: undefined };
    const key = `array ${rows.offset},${value.offset} ${JSON.stringify(type)}`;
    this.results.push({ type, finish: 'array', argument, rows, value, ...rest, key });
  }

  private valueOf(
    kind: AccumulatorKind | 'joined',
    argument: GraphNode,
    filter: number,
    rest: readonly GraphNode[],
  ): Accumulator {
    if (kind === 'joined') return this.accumulator(kind, argument, filter, 8, rest[0]);
    if (kind === 'list') return this.accumulator(kind, argument, filter, 8, rest[0], rest[1]);
    if (kind === 'values' && physicalTypeOf(argument.type) === 'string') {
      const separator = this.graph.addRoot(textConstant(''));
      return this.accumulator('list', argument, filter, 8, separator);
    }
    return this.accumulator(kind, argument, filter, sizeOf(kind, argument, rest[0]), undefined, rest[0]);
  }

  private filterNumber(node: GraphNode): number {
    const known = this.filters.indexOf(node);
    if (known >= 0) return known;
    this.filters.push(node);
    return this.filters.length - 1;
  }

  private accumulator(
    kind: Accumulator['kind'],
    argument: GraphNode | undefined,
    filter: number,
    size: number,
    separator?: GraphNode,
    key?: GraphNode,
  ): Accumulator {
    const wanted = { kind, argument, filter, separator, key };
    const known = this.accumulators.find((other) =>
      (Object.keys(wanted) as (keyof typeof wanted)[]).every((field) => other[field] === wanted[field]),
    );
    if (known) return known;
    const accumulator = { ...wanted, offset: this.size };
    this.size += size;
    this.accumulators.push(accumulator);
    return accumulator;
  }
}

function sizeOf(kind: AccumulatorKind, argument: GraphNode, key?: GraphNode): number {
  switch (kind) {
    case 'moments':
      return 24;
    case 'comoments':
      return 48;
    case 'squares':
      return squaresWords(argument.type) * 8;
    case 'centralMoments':
      return 40;
    case 'exactSum':
    case 'intervalSum':
    case 'sketch':
      return 16;
    case 'argMin':
    case 'argMax':
    case 'minBy':
    case 'maxBy':
      return valueBytes(argument.type) + valueBytes(key!.type) + 16;
    case 'min':
    case 'max':
    case 'first':
      return valueBytes(argument.type) + 8;
    default:
      return 8;
  }
}

/** Words that no sum of squares of this type leaves, of fewer than 2^63 rows. */
export function squaresWords(type: SqlType): number {
  const physical = physicalTypeOf(type);
  return physical === 'i32' ? 2 : physical === 'i64' ? 3 : 5;
}

/** Bytes of a kept value. */
export function valueBytes(type: SqlType): number {
  return Math.max(8, byteWidthOf(physicalTypeOf(type)));
}

/** A kept value in memory: as wide as its type, whatever code computes it with; booleans fill a word. */
export function keptWasmType(type: SqlType): WasmType {
  const physical = physicalTypeOf(type);
  if (physical === 'bool') return 'i32';
  return physical === 'i32' || physical === 'i64' || physical === 'f32' || physical === 'f64' ? physical : 'v128';
}

export function isArgKind(kind: Accumulator['kind']): boolean {
  return kind === 'argMin' || kind === 'argMax' || kind === 'minBy' || kind === 'maxBy';
}

/** Of argMin and the like: the kept key, as min or max has it, and the kept value behind it. */
export function partsOf({ kind, offset, argument, key, filter }: Accumulator): {
  readonly key: Accumulator;
  readonly value: Accumulator;
} {
  return {
    key: { kind: kind === 'argMin' || kind === 'minBy' ? 'min' : 'max', offset, argument: key, filter },
    value: { kind: 'first', offset: offset + valueBytes(key!.type) + 8, argument, filter },
  };
}
