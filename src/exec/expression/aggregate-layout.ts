import type { AccumulatorKind, AggregateFinish, AggregateOverload } from '../../functions/function-types.js';
import type { WasmType } from '../../functions/opcodes.js';
import { aggregateOverload } from '../../functions/registry.js';
import type { AggregateCall, AggregateOrder } from '../../planner/expression.js';
import { byteWidthOf, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import { ExpressionGraph, type GraphNode } from './expression-graph.js';

/*
 * The state of a group: the accumulators of all aggregates, shared where equal, and all zero bytes when empty.
 *
 *   rows(filter)         i64: rows that passed the filter
 *   nulls(argument)      i64: those of them whose argument is NULL (so that code for columns without NULLs leaves it alone)
 *   exactSum(argument)   i64 small, i128 large: the sum is large + small; small spills before it leaves 62 bits
 *   floatSum(argument)   f64
 *   min, max, first      the value, 8 or 16 bytes, and an i64: is there one?
 *   list(argument, separator, key)   i64: a list of texts (kernels/assembly/text-list.ts)
 *   and, or              i64: was there a false, a true?
 *   moments              f64 count, mean, sum of squared deviations
 */
export interface Accumulator {
  readonly kind: AccumulatorKind | 'rows' | 'nulls';
  readonly offset: number;
  readonly argument: GraphNode | undefined;
  readonly filter: number;
  /** Of lists: what goes between the values, and what they are ordered by unless by themselves. */
  readonly separator?: GraphNode | undefined;
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
  readonly order: AggregateOrder | undefined;
  /** Names what is computed from which accumulators, for the cache of modules. */
  readonly key: string;
}

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
  private size = 0;

  constructor(aggregates: readonly AggregateCall[]) {
    for (const call of aggregates) this.add(call, aggregateOverload(call.overload));
    this.byteLength = this.size;
    const parts = this.accumulators.map(({ kind, filter, ...nodes }) => {
      const keys = [nodes.argument, nodes.separator, nodes.key].map((node) => node?.key ?? '');
      return `${kind},${filter},${keys.join()}`;
    });
    this.key = `aggregate(${parts.join(';')})`;
  }

  /** Everything that code has to evaluate. */
  get roots(): GraphNode[] {
    const nodes = this.accumulators.flatMap(({ argument, separator, key }) => [argument, separator, key]);
    return [...new Set([...this.filters, ...nodes.filter((node) => node !== undefined)])];
  }

  /** Where states have views of texts that lie elsewhere. */
  get textOffsets(): number[] {
    const keepsText = ({ kind, argument }: Accumulator): boolean =>
      (kind === 'min' || kind === 'max' || kind === 'first') && physicalTypeOf(argument!.type) === 'string';
    return this.accumulators.filter(keepsText).map(({ offset }) => offset);
  }

  /** Where states have lists, whose items lie elsewhere. */
  get listOffsets(): number[] {
    return this.accumulators.filter(({ kind }) => kind === 'list').map(({ offset }) => offset);
  }

  private add(call: AggregateCall, overload: AggregateOverload): void {
    const filter = call.filter ? this.filterNumber(this.graph.addRoot(call.filter)) : -1;
    const argument = call.args[0] ? this.graph.addRoot(call.args[0]) : undefined;
    const rows = this.accumulator('rows', undefined, filter, 8);
    const nulls = argument ? this.accumulator('nulls', argument, filter, 8) : undefined;
    const kind = overload.accumulators.find((needed) => needed !== 'count');
    const [separator, sortKey] = kind === 'list' ? call.args.slice(1).map((part) => this.graph.addRoot(part)) : [];
    const value =
      kind && argument
        ? this.accumulator(kind, argument, filter, sizeOf(kind, argument), separator, sortKey)
        : undefined;
    const { type, order } = call;
    const { finish } = overload;
    const offsets = [rows, nulls, value].map((accumulator) => accumulator?.offset ?? '-');
    const key = `${finish} ${offsets.join(',')} ${JSON.stringify([type, order])}`;
    this.results.push({ type, finish, argument, rows, nulls, value, order, key });
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

function sizeOf(kind: AccumulatorKind, argument: GraphNode): number {
  switch (kind) {
    case 'exactSum':
    case 'moments':
      return 24;
    case 'min':
    case 'max':
    case 'first':
      return valueBytes(argument.type) + 8;
    default:
      return 8;
  }
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
