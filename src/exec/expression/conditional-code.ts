import { op, type WasmType } from '../../functions/opcodes.js';
import { emitLess } from './comparison-code.js';
import type { ExpressionGenerator } from './expression-generator.js';
import { type GraphNode, isLazy, isLiteral, typeBits } from './expression-graph.js';
import type { Emitted } from './generated-values.js';

/** `parts`: when, then, when, then …, and the ELSE if their number is odd. */
export function emitCase(generator: ExpressionGenerator, node: GraphNode, parts: readonly GraphNode[]): Emitted {
  const { writer } = generator;
  const wasm = generator.wasmOf(node);
  const nulls = writer.local('i32');
  let nullable = false;
  let bits = 0;
  const result = (part: GraphNode | undefined): void => {
    if (!part) {
      nullable = true;
      writer.i32(1);
      writer.set(nulls);
      writer.zero(wasm);
      return;
    }
    const emitted = generator.value(part);
    bits = Math.max(bits, emitted.bits);
    if (emitted.nulls === undefined) writer.i32(0);
    else {
      nullable = true;
      writer.get(emitted.nulls);
    }
    writer.set(nulls);
  };
  const branch = (index: number): void => {
    if (index + 1 >= parts.length) {
      result(parts[index]);
      return;
    }
    generator.truth(parts[index]!, true);
    writer.if(wasm);
    generator.conditionally(() => result(parts[index + 1]));
    writer.else();
    generator.conditionally(() => branch(index + 2));
    writer.end();
  };
  if (canSelect(parts)) return emitSelect(generator, wasm, parts);
  branch(0);
  return { nulls: nullable ? nulls : undefined, bits };
}

/** CASE WHEN a THEN b ELSE c END with nothing to avoid is one `select`: no branch to mispredict. */
function canSelect(parts: readonly GraphNode[]): boolean {
  const isSimple = (part: GraphNode): boolean =>
    !isLazy(part) && (part.expression.kind === 'column' || isLiteral(part) || part.expression.kind === 'call');
  return parts.length === 3 && isSimple(parts[1]!) && isSimple(parts[2]!);
}

function emitSelect(
  generator: ExpressionGenerator,
  wasm: WasmType,
  [when, then, otherwise]: readonly GraphNode[],
): Emitted {
  const { writer } = generator;
  const yes = generator.valueInLocal(then!);
  const no = generator.valueInLocal(otherwise!);
  const condition = writer.local('i32');
  generator.truth(when!, true);
  writer.set(condition);
  let nulls: number | undefined;
  if (yes.nulls !== undefined || no.nulls !== undefined) {
    nulls = writer.local('i32');
    for (const { nulls: flag } of [yes, no]) {
      if (flag === undefined) writer.i32(0);
      else writer.get(flag);
    }
    writer.get(condition);
    writer.select('i32');
    writer.set(nulls);
  }
  writer.get(yes.local);
  writer.get(no.local);
  writer.get(condition);
  writer.select(wasm);
  return { nulls, bits: Math.max(yes.bits, no.bits) };
}

export function emitCoalesce(generator: ExpressionGenerator, node: GraphNode, operands: readonly GraphNode[]): Emitted {
  const { writer } = generator;
  const wasm = generator.wasmOf(node);
  const result = writer.local(wasm);
  let bits = 0;
  const step = (index: number): number | undefined => {
    const emitted = generator.value(operands[index]!);
    bits = Math.max(bits, emitted.bits);
    writer.set(result);
    if (emitted.nulls === undefined || index === operands.length - 1) return emitted.nulls;
    const nulls = writer.local('i32');
    writer.get(emitted.nulls);
    writer.tee(nulls);
    writer.if();
    const rest = generator.conditionally(() => {
      const restNulls = step(index + 1);
      if (restNulls === undefined) writer.i32(0);
      else writer.get(restNulls);
      writer.set(nulls);
      return restNulls;
    });
    writer.end();
    return rest === undefined ? undefined : nulls;
  };
  const nulls = step(0);
  writer.get(result);
  return { nulls, bits };
}

/** GREATEST and LEAST: a running best, replaced by operands that are not NULL and beat it. */
export function emitExtremum(generator: ExpressionGenerator, node: GraphNode, greatest: boolean): Emitted {
  const { writer } = generator;
  const wasm = generator.wasmOf(node);
  const [best, nulls] = [writer.local(wasm), writer.local('i32')];
  let nullable = true;
  node.children.forEach((child, index) => {
    const operand = generator.valueInLocal(child);
    if (operand.nulls === undefined) nullable = false;
    if (index === 0) {
      writer.get(operand.local);
      writer.set(best);
      if (operand.nulls === undefined) writer.i32(0);
      else writer.get(operand.nulls);
      writer.set(nulls);
      return;
    }
    if (operand.nulls === undefined) writer.i32(1);
    else {
      writer.get(operand.nulls);
      writer.op(op.i32Eqz);
    }
    writer.if();
    writer.get(nulls);
    writer.if('i32');
    writer.i32(1);
    writer.else();
    const pushOperand = () => writer.get(operand.local);
    const pushBest = () => writer.get(best);
    emitLess(generator, node.type, greatest ? pushBest : pushOperand, greatest ? pushOperand : pushBest);
    writer.end();
    writer.if();
    writer.get(operand.local);
    writer.set(best);
    writer.end();
    writer.i32(0);
    writer.set(nulls);
    writer.end();
  });
  writer.get(best);
  return { nulls: nullable ? nulls : undefined, bits: typeBits(node.type) };
}
