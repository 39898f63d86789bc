import { userError } from '../../common/errors.js';
import { op } from '../../functions/opcodes.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BLOCK_ENTRY_BYTES } from './argument-block.js';
import { pushConstantWord } from './constant-code.js';
import type { ExpressionGenerator } from './expression-generator.js';
import { type GraphNode, typeBits } from './expression-graph.js';
import type { Emitted, HostCall } from './generated-values.js';

/** As many as a row of PostgreSQL has. */
const MAX_ARGUMENTS = 1664;

/**
 * Stores the operands in the scratch area and calls into JavaScript. Scratch: 16 bytes an operand and 16 for the
 * result, then one byte each: is it NULL?
 */
export function emitHostCall(
  generator: ExpressionGenerator,
  node: GraphNode,
  implementation: Extract<HostCall, { kind: 'function' }>['implementation'],
): Emitted {
  const { writer } = generator;
  const operands = node.children.map((child) => ({ child, memo: generator.valueInLocal(child) }));
  const count = operands.length;
  checkArgumentCount(count);
  const flagsAt = generator.scratch + (count + 1) * BLOCK_ENTRY_BYTES;
  const resultAt = generator.scratch + count * BLOCK_ENTRY_BYTES;
  operands.forEach(({ child, memo }, index) => {
    writer.block();
    writer.get(memo.local);
    const wasm = generator.wasmOf(child);
    if (physicalTypeOf(child.type) === 'i128' && wasm === 'i64') writer.widen();
    writer.store(physicalTypeOf(child.type) === 'i128' ? 'v128' : wasm, generator.scratch + index * BLOCK_ENTRY_BYTES);
    writer.block();
    if (memo.nulls === undefined) writer.i32(0);
    else writer.get(memo.nulls);
    writer.storeByte(flagsAt + index);
  });
  callHost(generator, { key: node.key, kind: 'function', node, implementation });
  writer.checkStatus();
  const nulls = writer.local('i32');
  writer.block();
  writer.loadByte(flagsAt + count);
  writer.set(nulls);
  loadHostResult(generator, node, resultAt);
  return { nulls, bits: typeBits(node.type) };
}

function callHost({ hostCalls, writer }: ExpressionGenerator, call: HostCall): void {
  let id = hostCalls.findIndex(({ key }) => key === call.key);
  if (id < 0) id = hostCalls.push(call) - 1;
  writer.i32(id);
  writer.host('callFunction', ['i32'], undefined);
}

/**
 * The local of the address of what is made of the text of an operand that is no literal; 0 where there is nothing.
 * Scratch: 16 bytes for the text, which become the address of what is known of it.
 */
export function memoizedConstant(generator: ExpressionGenerator, node: GraphNode, text: number): number {
  const { writer, scratch } = generator;
  const address = writer.local('i32');
  const pushTable = (): void => pushConstantWord(writer, node.slot, 0);
  pushTable();
  writer.get(text);
  writer.kernel('memoFind', ['i32', 'v128'], 'i32');
  writer.tee(address);
  writer.op(op.i32Eqz);
  writer.if();
  writer.block();
  writer.get(text);
  writer.store('v128', scratch);
  callHost(generator, { key: `${node.key}:memo`, kind: 'memo', node });
  pushTable();
  writer.get(text);
  writer.block();
  writer.load('i32', scratch);
  writer.kernel('memoPut', ['i32', 'v128', 'i32'], 'i32');
  writer.set(address);
  writer.end();
  writer.get(address);
  writer.load('i32', 4);
  writer.set(address);
  return address;
}

/** Has TypeScript say what zone it is that a kernel asked for, and puts that where the kernel looks for it. */
export function answerZone(generator: ExpressionGenerator): void {
  const { writer } = generator;
  callHost(generator, { key: 'zone', kind: 'zone' });
  writer.block();
  writer.kernel('putZone', ['i32'], undefined);
}

export function checkArgumentCount(count: number): void {
  if (count > MAX_ARGUMENTS) {
    throw userError('54023', `cannot pass more than ${MAX_ARGUMENTS} arguments to a function`);
  }
}

/** Pushes a result that lies in the scratch area. */
export function loadHostResult(generator: ExpressionGenerator, node: GraphNode, resultAt: number): void {
  const { writer } = generator;
  writer.block();
  if (physicalTypeOf(node.type) === 'bool') writer.loadByte(resultAt);
  else writer.load(generator.wasmOf(node), resultAt);
  if (physicalTypeOf(node.type) === 'i128' && generator.mode === 'narrow') widenUnlessNarrow(generator, resultAt);
}

/** The low half of a 128-bit value is on the stack: does it stand for the whole? */
function widenUnlessNarrow(generator: ExpressionGenerator, offset: number): void {
  const { writer } = generator;
  const low = writer.local('i64');
  writer.tee(low);
  writer.i64(63);
  writer.op(op.i64ShrS);
  writer.block();
  writer.load('i64', offset + 8);
  writer.op(op.i64Ne);
  writer.widenIf();
  writer.get(low);
}
