import { bugError } from '../../common/errors.js';
import { oncePer } from '../../common/once-per.js';
import { castOf } from '../../functions/casts/casts.js';
import { compileRegex } from '../../functions/regex/compile-regex.js';
import { scalarOverload } from '../../functions/registry.js';
import { bitsOfDigits } from '../../functions/scalar/arithmetic/decimal-arithmetic.js';
import type { ZoneTable } from '../../functions/zones/zone-table.js';
import type {
  ConstantExpression,
  ConstantValue,
  Expression,
  LambdaParameter,
  LogicalExpression,
} from '../../planner/expression.js';
import { operandsOf, parametersOf, textConstant } from '../../planner/logical/expression-tree.js';
import {
  componentTypes,
  hasCanonicalBytes,
  isNestedType,
  physicalTypeOf,
  type SqlType,
  TEXT,
} from '../../types/sql-type.js';
import { byWayOfText } from './by-way-of-text.js';
import { constantOf, ignoresCase, likeSegmentsOf, literalZoneOf } from './constant-operands.js';
import { type Memo, memoOf } from './memo-constants.js';
import { regexSourceOf } from './regex-source.js';

/**
 * A bound expression made ready for compilation: equal subexpressions are one node, unless they are volatile, literals
 * are numbered slots, and `shape` says what a node computes, slots included.
 */
export interface GraphNode {
  readonly expression: Expression;
  readonly type: SqlType;
  /** Its name in the graph. */
  readonly key: string;
  /** What it computes of its children: with theirs, that says all of it. */
  readonly shape: string;
  readonly children: readonly GraphNode[];
  /** Ordinals of the columns it depends on. */
  readonly columns: readonly number[];
  /** Parameters of lambdas around it that it depends on. */
  readonly variables: readonly number[];
  /** How many parents and roots refer to it. */
  uses: number;
  /** Can raise an error, so it may only be evaluated on rows where it is needed. */
  readonly fallible: boolean;
  /** Costs more than a mispredicted branch. */
  readonly expensive: boolean;
  readonly volatile: boolean;
  /** For constants: the slot; for IN lists that are searched: the slot of the sorted list. */
  readonly slot: number;
  /** The place of the operand out of whose texts constants are made, which the table in the slot has. */
  readonly memoPlace: number | undefined;
}

/** An IN list longer than this is searched in a sorted array. */
export const UNROLLED_LIST_ITEMS = 6;

/** 16 bytes of the constants block: a value, or pointer and count of the items of an IN list. */
export type ConstantSlot =
  | { readonly kind: 'value'; readonly constant: ConstantExpression }
  | {
      readonly kind: 'list';
      readonly type: SqlType;
      readonly items: readonly ConstantExpression[];
      /** Of LIKE segments: the order is theirs. */
      readonly sorted: boolean;
    }
  /** A pointer to the changes of a time zone. */
  | { readonly kind: 'zone'; readonly zone: ZoneTable }
  /** A pointer to bytes. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A pointer to a table of what was made of texts: see memo-constants.ts. */
  | { readonly kind: 'memo'; readonly memo: Memo };

export class ExpressionGraph {
  readonly slots: ConstantSlot[] = [];
  private readonly slotNumbers = new Map<string, number>();
  private readonly nodes = new Map<string, GraphNode>();
  private readonly byExpression = new Map<Expression, GraphNode>();
  private readonly variableNumbers = new Map<number, number>();
  private volatileCalls = 0;

  /** The node of an expression that is a root of the program (once per root). */
  addRoot(expression: Expression): GraphNode {
    const node = this.add(expression);
    node.uses++;
    return node;
  }

  private add(expression: Expression): GraphNode {
    const seen = this.byExpression.get(expression);
    if (seen) return seen;
    const node = this.build(expression);
    this.byExpression.set(expression, node);
    return node;
  }

  private build(original: Expression): GraphNode {
    const expression =
      original.kind === 'and' || original.kind === 'or' ? this.groupByColumn(original) : byWayOfText(original);
    const children = childrenOf(expression).map((child) => this.add(child));
    const memo = memoOf(expression);
    const slot = memo === undefined ? this.slotOf(expression) : this.memoSlotOf(expression, memo, children);
    const own = propertiesOf(expression);
    // Each random() that is written is a call of its own; what stands at several places of the tree is one.
    const shape = this.shapeOf(expression, slot) + (own.volatile ? `@${this.volatileCalls++}` : '');
    const whole = `${shape} ${children.map((child) => child.key).join()}`;
    const known = this.nodes.get(whole);
    if (known) return known;
    for (const child of children) child.uses++;
    const node: GraphNode = {
      expression,
      type: expression.type,
      key: `n${this.nodes.size}`,
      shape,
      children,
      columns:
        expression.kind === 'column'
          ? [expression.column]
          : [...new Set(children.flatMap((child) => child.columns))].sort((a, b) => a - b),
      variables: variablesOf(expression, children),
      uses: 0,
      fallible: own.fallible || children.some((child) => child.fallible),
      expensive: own.expensive || children.some((child) => child.expensive),
      volatile: own.volatile || children.some((child) => child.volatile),
      slot,
      memoPlace: memo?.place,
    };
    this.nodes.set(whole, node);
    return node;
  }

  /** Parameters are numbered as they come, so that lambdas of the same shape have the same code. */
  private shapeOf(expression: Expression, slot: number): string {
    const numberOf = ({ variable }: LambdaParameter): number => {
      if (!this.variableNumbers.has(variable)) this.variableNumbers.set(variable, this.variableNumbers.size);
      return this.variableNumbers.get(variable)!;
    };
    if (expression.kind === 'variable') return `v${numberOf(expression)}:${typeKey(expression.type)}`;
    if (expression.kind !== 'lambda') return shapeOf(expression, slot);
    const { form, firstIndex, accumulator, element, index } = expression;
    const roles = [accumulator, element, index].map((role) => (role ? numberOf(role) : '')).join();
    return `${form}${index ? firstIndex : ''}:${typeKey(expression.type)}:${roles}`;
  }

  /**
   * Operands that depend on the same one column and cannot fail become one operand, in the place of the first: over a
   * dictionary they are then one look-up. What follows an operand that can fail stays behind it.
   */
  private groupByColumn(expression: LogicalExpression): LogicalExpression {
    const groups = new Map<unknown, Expression[]>();
    let sawFallible = false;
    for (const operand of expression.operands) {
      const node = this.add(operand);
      sawFallible ||= node.fallible;
      const isOfColumn = node.columns.length === 1 && node.variables.length === 0;
      const key = isOfColumn && !sawFallible && !node.volatile ? node.columns[0] : operand;
      const group = groups.get(key);
      if (group) group.push(operand);
      else groups.set(key, [operand]);
    }
    if (groups.size === 1 || groups.size === expression.operands.length) return expression;
    const operands = [...groups.values()].map(
      (group): Expression => (group.length === 1 ? group[0]! : { ...expression, operands: group }),
    );
    return { ...expression, operands };
  }

  private slotOf(expression: Expression): number {
    if (expression.kind === 'constant') {
      if (expression.value === null) return -1;
      return this.internSlot(`${typeKey(expression.type)}:${valueKey(expression.value)}`, {
        kind: 'value',
        constant: expression,
      });
    }
    const like = likeSegmentsOf(expression);
    if (like) {
      const items = like.segments.map(textConstant);
      return this.internSlot(`like${JSON.stringify(like.segments)}`, {
        kind: 'list',
        type: TEXT,
        items,
        sorted: false,
      });
    }
    const zone = literalZoneOf(expression);
    if (zone) return this.internSlot(`zone${zone.name}`, { kind: 'zone', zone: zone.table });
    const regex = regexSourceOf(expression);
    if (regex) {
      const { searchOnly, pattern, flags, similarEscape } = regex;
      const key = `regex${searchOnly}:${JSON.stringify([pattern, flags, similarEscape])}`;
      return this.internSlot(key, { kind: 'bytes', bytes: compileRegex(regex).program(searchOnly)! });
    }
    const bytes = constantOf(expression);
    if (bytes) return this.internSlot(`bytes${bytes.join()}`, { kind: 'bytes', bytes });
    if (expression.kind !== 'inList' || !isSearchedList(expression)) return -1;
    const items = expression.items.filter((item) => item.value !== null);
    const key = `[${items.map((item) => valueKey(item.value)).join('\0')}]`;
    return this.internSlot(key, { kind: 'list', type: expression.input.type, items, sorted: true });
  }

  private memoSlotOf(expression: Expression, memo: Memo, children: readonly GraphNode[]): number {
    const key = `memo${this.shapeOf(expression, -1)} ${children.map((child) => child.key).join()}`;
    return this.internSlot(key, { kind: 'memo', memo });
  }

  private internSlot(key: string, slot: ConstantSlot): number {
    let number = this.slotNumbers.get(key);
    if (number === undefined) {
      number = this.slots.length;
      this.slots.push(slot);
      this.slotNumbers.set(key, number);
    }
    return number;
  }
}

/** The graph of some expressions, and their nodes. */
export interface RootedGraph {
  readonly graph: ExpressionGraph;
  readonly roots: readonly GraphNode[];
}

function rootedGraph(expressions: readonly Expression[]): RootedGraph {
  const graph = new ExpressionGraph();
  return { graph, roots: expressions.map((expression) => graph.addRoot(expression)) };
}

/** Not to be added to: all that compile these expressions share it. */
export const graphOf: (expressions: readonly Expression[]) => RootedGraph = oncePer(rootedGraph);
export const graphOfOne: (expression: Expression) => RootedGraph = oncePer((expression) => rootedGraph([expression]));

/** Is it worth a branch to evaluate it only where it is needed? */
export function isLazy(node: GraphNode): boolean {
  return node.fallible || node.expensive;
}

export function isLiteral(node: GraphNode): boolean {
  return node.expression.kind === 'constant';
}

export function isNullLiteral(node: GraphNode): boolean {
  return node.expression.kind === 'constant' && node.expression.value === null;
}

function valueKey(value: ConstantValue): string {
  if (value instanceof Uint8Array) return `b${value.join()}`;
  if (value !== null && typeof value === 'object') return `${value.months},${value.days},${value.microseconds}`;
  if (typeof value === 'number' && Object.is(value, -0)) return '-0';
  return `${typeof value}${String(value)}`;
}

export function isSearchedList(expression: Extract<Expression, { kind: 'inList' }>): boolean {
  return expression.items.length > UNROLLED_LIST_ITEMS && hasCanonicalBytes(expression.input.type);
}

/** What is computed for an expression: not the items of a list that is searched, nor the pattern of LIKE. */
function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'parameter':
      throw bugError('a parameter was not replaced before execution');
    case 'inList':
      return isSearchedList(expression) ? [expression.input] : [expression.input, ...expression.items];
    case 'call':
      // ILIKE needs all of them where it falls back on TypeScript.
      return likeSegmentsOf(expression) && !ignoresCase(expression) ? expression.args.slice(0, 1) : expression.args;
    default:
      return operandsOf(expression);
  }
}

export function typeKey(type: SqlType): string {
  if (type.kind === 'decimal') return `d${type.precision},${type.scale}`;
  // Names of fields are no layout, but JSON shows them.
  if (type.kind === 'struct') {
    return `struct<${type.fields.map((field) => `${JSON.stringify(field.name)} ${typeKey(field.type)}`).join(',')}>`;
  }
  if (isNestedType(type)) return `${type.kind}<${componentTypes(type).map(typeKey).join(',')}>`;
  return type.kind === 'varchar' || type.kind === 'char' ? `${type.kind}${type.length ?? ''}` : type.kind;
}

function shapeOf(expression: Expression, slot: number): string {
  const type = typeKey(expression.type);
  switch (expression.kind) {
    case 'column':
      return `c${expression.column}:${type}`;
    case 'constant':
      return expression.value === null ? `null:${type}` : `#${slot}:${type}:${constantBits(expression)}`;
    case 'comparison':
      return expression.operator;
    case 'isNull':
      return expression.negated ? 'isNotNull' : 'isNull';
    case 'booleanTest':
      return `is${expression.negated ? 'Not' : ''}${expression.value}`;
    case 'inList': {
      const nulls = expression.items.some((item) => item.value === null);
      return `${expression.negated ? 'notIn' : 'in'}${slot}${nulls ? 'n' : ''}`;
    }
    case 'cast':
      return `cast:${type}`;
    case 'case':
      return `case${expression.otherwise ? '+' : ''}:${type}`;
    case 'call': {
      const like = likeSegmentsOf(expression);
      if (like) return `${expression.overload}${like.exact ? 'x' : like.anchors}:${slot}`;
      return `${expression.overload}:${type}${slot < 0 ? '' : `:${slot}`}`;
    }
    default:
      return expression.kind;
  }
}

function variablesOf(expression: Expression, children: readonly GraphNode[]): readonly number[] {
  if (expression.kind === 'variable') return [expression.variable];
  const free = new Set(children.flatMap((child) => child.variables));
  if (expression.kind === 'lambda') for (const { variable } of parametersOf(expression)) free.delete(variable);
  return [...free];
}

function propertiesOf(expression: Expression): { fallible: boolean; expensive: boolean; volatile: boolean } {
  if (expression.kind === 'call') {
    const { fallible, implementation, volatility } = scalarOverload(expression.overload);
    const expensive = implementation.kind !== 'emit' || implementation.wideOnly === true;
    return { fallible, expensive, volatile: volatility === 'volatile' };
  }
  if (expression.kind === 'cast') {
    const { fallible, implementation } = castOf(expression.input.type, expression.type);
    return { fallible, expensive: implementation.kind !== 'emit', volatile: false };
  }
  // An array may become too long.
  if (expression.kind === 'lambda') return { fallible: true, expensive: true, volatile: false };
  const comparesWide =
    (expression.kind === 'comparison' && isWide(expression.left.type)) ||
    (expression.kind === 'inList' && (isWide(expression.input.type) || isSearchedList(expression)));
  return { fallible: false, expensive: comparesWide || expression.kind === 'case', volatile: false };
}

function isWide(type: SqlType): boolean {
  const physical = physicalTypeOf(type);
  return physical === 'string' || physical === 'interval' || physical === 'uuid';
}

/** |value| <= 2^bits for every value of an integer or decimal type. */
export function typeBits(type: SqlType): number {
  switch (type.kind) {
    case 'smallint':
      return 15;
    case 'integer':
    case 'date':
      return 31;
    case 'decimal':
      return bitsOfDigits(type.precision);
    default:
      return 63;
  }
}

/** |value| <= 2^bits for a literal; for floats 1 means NaN. */
export function constantBits({ value, type }: ConstantExpression): number {
  if (type.kind === 'real' || type.kind === 'double') return Number.isNaN(value) ? 1 : 0;
  if (typeof value !== 'bigint' && typeof value !== 'number') return 0;
  const magnitude = value < 0 ? -BigInt(value) : BigInt(value);
  return magnitude === 0n ? 0 : (magnitude - 1n).toString(2).length;
}
