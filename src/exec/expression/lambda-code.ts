import { bugError } from '../../common/errors.js';
import { op } from '../../functions/opcodes.js';
import type { LambdaExpression } from '../../planner/expression.js';
import { byteWidthOf, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import { valueScaleOf, valueTagOf } from '../../types/value-tags.js';
import { setChecked, unlessNull } from './checked-call-code.js';
import type { ExpressionGenerator, Memo } from './expression-generator.js';
import { type GraphNode, typeBits } from './expression-graph.js';
import type { FunctionWriter } from './function-writer.js';
import { type Emitted, wasmTypeOf } from './generated-values.js';

/** A nested value's header: see types/nested-codec.ts. */
const ARRAY_HEADER = 8;
/** A power of two: a row may be one long array, and loops within loops over it. */
const ELEMENTS_BETWEEN_CHECKS = 1024;

/** An array while a loop goes over its elements: locals, each an i32. */
interface Elements {
  readonly array: number;
  readonly count: number;
  /** From 0. */
  readonly place: number;
  readonly type: SqlType;
}

/**
 * A lambda is a loop within the loop over rows, its body code like any other: parameters are locals, and what is around
 * it is at hand.
 */
export function emitLambda(generator: ExpressionGenerator, node: GraphNode): Emitted {
  const { expression } = node;
  if (expression.kind !== 'lambda') throw bugError('not a lambda');
  switch (expression.form) {
    case 'transform':
    case 'filter':
      return emitMade(generator, node, expression);
    case 'exists':
    case 'forall':
      return emitDecided(generator, node, expression);
    case 'reduce':
      return emitReduced(generator, node, expression);
  }
}

/** The values, or the chosen elements, are put side by side, and become an array behind the loop. */
function emitMade(generator: ExpressionGenerator, node: GraphNode, lambda: LambdaExpression): Emitted {
  const { writer } = generator;
  const { type } = lambda;
  if (type.kind !== 'array') throw bugError('a lambda that makes no array');
  const width = byteWidthOf(physicalTypeOf(type.element));
  const source = generator.valueInLocal(node.children[0]!);
  const body = node.children.at(-1)!;
  const [result, room, made] = [writer.local('v128'), writer.local('i32'), writer.local('i32')];
  unlessNull(writer, source.nulls, () =>
    generator.conditionally(() => {
      const elements = beginElements(writer, lambda, source);
      const roomOf = { name: 'loopRoom', parameters: ['i32', 'i32'], result: 'i32' } as const;
      setChecked(writer, room, roomOf, () => {
        writer.get(elements.count);
        writer.i32(width);
      });
      writer.i32(0);
      writer.set(made);
      computeUnvarying(generator, body);
      forEachElement(generator, elements, () => {
        const element = declareParameters(generator, body, lambda, elements);
        if (lambda.form === 'filter') {
          generator.truth(body, true);
          writer.if();
          const kept = element ?? loadElement(generator, elements);
          putValue(generator, type.element, kept, { room, made, capacity: elements.count });
          writer.end();
        } else
          putValue(generator, type.element, generator.valueInLocal(body), { room, made, capacity: elements.count });
      });
      const arrayOf = { name: 'loopArray', parameters: ['i32', 'i32', 'i32', 'i32', 'i32'], result: 'v128' } as const;
      setChecked(writer, result, arrayOf, () => {
        for (const local of [room, elements.count, made]) writer.get(local);
        writer.i32(valueTagOf(type.element));
        writer.i32(valueScaleOf(type.element));
      });
    }),
  );
  writer.get(result);
  return { nulls: source.nulls, bits: typeBits(type) };
}

/** `exists` stops at the first element for which the body is true, `forall` at the first for which it is false. */
function emitDecided(generator: ExpressionGenerator, node: GraphNode, lambda: LambdaExpression): Emitted {
  const { writer } = generator;
  const source = generator.valueInLocal(node.children[0]!);
  const body = node.children.at(-1)!;
  const [decided, nulls] = [writer.local('i32'), writer.local('i32')];
  writer.i32(0);
  writer.set(decided);
  writer.i32(0);
  writer.set(nulls);
  unlessNull(writer, source.nulls, () =>
    generator.conditionally(() => {
      const elements = beginElements(writer, lambda, source);
      computeUnvarying(generator, body);
      forEachElement(
        generator,
        elements,
        () => {
          declareParameters(generator, body, lambda, elements);
          const value = generator.value(body);
          if (lambda.form === 'forall') writer.op(op.i32Eqz);
          if (value.nulls !== undefined) {
            writer.get(value.nulls);
            writer.op(op.i32Eqz, op.i32And);
            writer.get(nulls);
            writer.get(value.nulls);
            writer.op(op.i32Or);
            writer.set(nulls);
          }
          writer.set(decided);
        },
        decided,
      );
      writer.get(nulls);
      writer.get(decided);
      writer.op(op.i32Eqz, op.i32And);
      writer.set(nulls);
    }),
  );
  if (source.nulls !== undefined) {
    writer.get(nulls);
    writer.get(source.nulls);
    writer.op(op.i32Or);
    writer.set(nulls);
  }
  writer.get(decided);
  if (lambda.form === 'forall') writer.op(op.i32Eqz);
  return { nulls, bits: 1 };
}

/** What has been computed so far is in a local. */
function emitReduced(generator: ExpressionGenerator, node: GraphNode, lambda: LambdaExpression): Emitted {
  const { writer } = generator;
  const [array, start, body] = node.children as [GraphNode, GraphNode, GraphNode];
  const source = generator.valueInLocal(array);
  const [result, nulls] = [writer.local(generator.wasmOf(node)), writer.local('i32')];
  writer.i32(1);
  writer.set(nulls);
  const keep = (value: Emitted): void => {
    writer.set(result);
    if (value.nulls === undefined) writer.i32(0);
    else writer.get(value.nulls);
    writer.set(nulls);
  };
  unlessNull(writer, source.nulls, () =>
    generator.conditionally(() => {
      const elements = beginElements(writer, lambda, source);
      keep(generator.value(start));
      computeUnvarying(generator, body);
      forEachElement(generator, elements, () => {
        declareParameters(generator, body, lambda, elements);
        const accumulator = variableIn(body, lambda.accumulator!.variable);
        if (accumulator) generator.declare(accumulator, { local: result, nulls, bits: typeBits(lambda.type) });
        keep(generator.value(body));
      });
    }),
  );
  writer.get(result);
  return { nulls, bits: typeBits(lambda.type) };
}

function beginElements(writer: FunctionWriter, { array: { type } }: LambdaExpression, source: Memo): Elements {
  if (type.kind !== 'array') throw bugError('a lambda over what is no array');
  const [array, count, place] = [writer.local('i32'), writer.local('i32'), writer.local('i32')];
  writer.get(source.local);
  writer.lane64(0);
  writer.i64(32);
  writer.op(op.i64ShrU, op.i32WrapI64);
  writer.tee(array);
  writer.load('i32');
  writer.set(count);
  return { array, count, place, type: type.element };
}

/** The loop; a local that is not 0 after a round ends it early. */
function forEachElement(generator: ExpressionGenerator, elements: Elements, write: () => void, stop?: number): void {
  const { writer } = generator;
  const { count, place } = elements;
  writer.i32(0);
  writer.set(place);
  writer.get(count);
  writer.if();
  writer.loop();
  writer.get(place);
  writer.i32(ELEMENTS_BETWEEN_CHECKS - 1);
  writer.op(op.i32And, op.i32Eqz);
  writer.if();
  writer.stopIfCancelled();
  writer.end();
  generator.conditionally(write);
  writer.get(place);
  writer.i32(1);
  writer.op(op.i32Add);
  writer.tee(place);
  writer.get(count);
  writer.op(op.i32LtU);
  if (stop !== undefined) {
    writer.get(stop);
    writer.op(op.i32Eqz, op.i32And);
  }
  writer.repeatIf();
  writer.end();
  writer.end();
}

/** What the body needs and does not change from element to element, unless it may have to be left alone. */
function computeUnvarying(generator: ExpressionGenerator, node: GraphNode): void {
  if (node.variables.length > 0) {
    for (const child of node.children) computeUnvarying(generator, child);
  } else if (node.expression.kind !== 'constant' && !node.fallible && !node.volatile) generator.valueInLocal(node);
}

/** The element, if the body uses it, and its place. */
function declareParameters(
  generator: ExpressionGenerator,
  body: GraphNode,
  { element, index, firstIndex }: LambdaExpression,
  elements: Elements,
): Memo | undefined {
  const { writer } = generator;
  const number = index && variableIn(body, index.variable);
  if (number) {
    const local = writer.local('i32');
    writer.get(elements.place);
    writer.i32(firstIndex);
    writer.op(op.i32Add);
    writer.set(local);
    generator.declare(number, { local, nulls: undefined, bits: 31 });
  }
  const node = variableIn(body, element.variable);
  if (!node) return undefined;
  const memo = loadElement(generator, elements);
  generator.declare(node, memo);
  return memo;
}

function variableIn(node: GraphNode, variable: number): GraphNode | undefined {
  if (!node.variables.includes(variable)) return undefined;
  if (node.expression.kind === 'variable') return node;
  for (const child of node.children) {
    const found = variableIn(child, variable);
    if (found) return found;
  }
  return undefined;
}

function loadElement(generator: ExpressionGenerator, { array, count, place, type }: Elements): Memo {
  const { writer } = generator;
  const physical = physicalTypeOf(type);
  const wasm = wasmTypeOf(type, generator.mode);
  const [local, nulls] = [writer.local(wasm), writer.local('i32')];
  writer.get(array);
  writer.get(place);
  writer.op(op.i32Add);
  writer.loadByte(ARRAY_HEADER);
  writer.op(op.i32Eqz);
  writer.set(nulls);
  if (physical === 'string') {
    writer.get(array);
    writer.get(place);
    writer.kernel('arrayElementView', ['i32', 'i32'], 'v128');
  } else {
    pushSlot(writer, { array, count, place }, byteWidthOf(physical));
    if (physical === 'bool') writer.loadByte();
    else if (physical === 'i128' && wasm === 'i64') writer.loadNarrow();
    else writer.load(wasm);
  }
  writer.set(local);
  return { local, nulls, bits: typeBits(type) };
}

/** Pushes the address of an element of fixed width, less the header. */
function pushSlot(writer: FunctionWriter, { array, count, place }: Omit<Elements, 'type'>, width: number): void {
  writer.get(array);
  writer.get(count);
  writer.i32(ARRAY_HEADER + 7);
  writer.op(op.i32Add);
  writer.i32(-8);
  writer.op(op.i32And, op.i32Add);
  writer.get(place);
  writer.i32(width);
  writer.op(op.i32Mul, op.i32Add);
}

interface Room {
  /** Values of the width of their type, `capacity` of them; then a byte for each: 1 valid, 0 NULL. */
  readonly room: number;
  readonly capacity: number;
  /** How many there are. */
  readonly made: number;
}

function putValue(generator: ExpressionGenerator, type: SqlType, value: Memo, { room, capacity, made }: Room): void {
  const { writer } = generator;
  const physical = physicalTypeOf(type);
  const width = byteWidthOf(physical);
  writer.get(room);
  writer.get(made);
  writer.i32(width);
  writer.op(op.i32Mul, op.i32Add);
  writer.get(value.local);
  if (physical === 'bool') writer.storeByte();
  else if (physical === 'i128') {
    if (generator.mode === 'narrow') writer.widen();
    writer.store('v128');
  } else writer.store(wasmTypeOf(type, generator.mode));
  writer.get(room);
  writer.get(capacity);
  writer.i32(width);
  writer.op(op.i32Mul, op.i32Add);
  writer.get(made);
  writer.op(op.i32Add);
  if (value.nulls === undefined) writer.i32(1);
  else {
    writer.get(value.nulls);
    writer.op(op.i32Eqz);
  }
  writer.storeByte();
  writer.get(made);
  writer.i32(1);
  writer.op(op.i32Add);
  writer.set(made);
}
