import { bugError } from '../../common/errors.js';
import type { Emitter, FailureName } from '../../functions/emitter.js';
import { type Opcode, op, type WasmType } from '../../functions/opcodes.js';
import { BLOCK_CANCELLED, BLOCK_STATUS, STATUS_CANCELLED, STATUS_WIDEN } from './argument-block.js';
import { statusOf } from './expression-errors.js';
import { ByteWriter, type ModuleWriter, typeCode } from './wasm-writer.js';

const loadOpcodes: Readonly<Record<WasmType, number>> = { i32: 0x28, i64: 0x29, f32: 0x2a, f64: 0x2b, v128: -1 };
const storeOpcodes: Readonly<Record<WasmType, number>> = { i32: 0x36, i64: 0x37, f32: 0x38, f64: 0x39, v128: -1 };
/** log2 of the alignment hint. */
const alignments: Readonly<Record<WasmType, number>> = { i32: 2, i64: 3, f32: 2, f64: 3, v128: 3 };

/** Short bodies are repeated in the loop: V8 checks for interrupts once an iteration. */
const UNROLLED_ROWS = 4;
const MAX_UNROLLED_BYTES = 256;

export const BLOCK_PARAMETER = 0;
export const ROW_PARAMETER = 1;
export const END_PARAMETER = 2;

/**
 * Writes one function `(block, row, end) → row reached`: a prologue that loads what does not change, a loop over
 * rows, and an epilogue that runs wherever the loop was left.
 *
 *     prologue
 *     block $exit
 *       loop $rows
 *         row start            what several places of the body share
 *         body               may leave through $exit, with the row it could not finish
 *         row += 1             (row start, body and this are repeated when they are short)
 *         br_if $rows (row < end)
 *       end
 *     end
 *     epilogue               sticky overflow flags become a status
 *     row
 */
export class FunctionWriter implements Emitter {
  private readonly prologueCode = new ByteWriter();
  private readonly rowStartCode = new ByteWriter();
  private readonly bodyCode = new ByteWriter();
  private readonly epilogueCode = new ByteWriter();
  private code: ByteWriter = this.bodyCode;
  private readonly locals: WasmType[] = [];
  /** Open constructs of the body inside `$exit` and `$rows`. */
  private depth = 0;
  /** What code that stops leaves: blocks around the loop over rows, or an attempt. */
  private exitDepth = -1;
  private readonly sticky = new Map<string, { local: number; wide: boolean; failure: FailureName }>();
  private readonly module: ModuleWriter;
  /** Calls of `widenIf` are legal: this code computes wide decimals in 64 bits. */
  private readonly narrow: boolean;

  constructor(module: ModuleWriter, narrow: boolean) {
    this.module = module;
    this.narrow = narrow;
  }

  /** What `write` emits runs once, before the loop. */
  prologue(write: () => void): void {
    this.within(this.prologueCode, write);
  }

  /** What `write` emits runs for every row before the rest of the body. */
  rowStart(write: () => void): void {
    this.within(this.rowStartCode, write);
  }

  epilogue(write: () => void): void {
    this.within(this.epilogueCode, write);
  }

  private within(code: ByteWriter, write: () => void): void {
    const [outer, outerDepth] = [this.code, this.depth];
    this.code = code;
    write();
    this.code = outer;
    this.depth = outerDepth;
  }

  op(...opcodes: Opcode[]): void {
    for (const opcode of opcodes) this.code.byte(opcode);
  }

  /** An instruction of the SIMD space, without immediates. */
  simd(opcode: number): void {
    this.code.byte(0xfd);
    this.code.unsigned(opcode);
  }

  i32(value: number): void {
    this.code.byte(0x41);
    this.code.signed(value | 0);
  }

  i64(value: bigint | number): void {
    this.code.byte(0x42);
    this.code.signed(value);
  }

  f32(value: number): void {
    this.code.byte(0x43);
    this.code.append(new Uint8Array(new Float32Array([value]).buffer));
  }

  f64(value: number): void {
    this.code.byte(0x44);
    this.code.append(new Uint8Array(new Float64Array([value]).buffer));
  }

  zero(type: WasmType): void {
    switch (type) {
      case 'i32':
        this.i32(0);
        return;
      case 'i64':
        this.i64(0);
        return;
      case 'f32':
        this.f32(0);
        return;
      case 'f64':
        this.f64(0);
        return;
      case 'v128':
        this.simd(12);
        this.code.append(new Uint8Array(16));
    }
  }

  local(type: WasmType): number {
    this.locals.push(type);
    return 2 + this.locals.length;
  }

  get(local: number): void {
    this.code.byte(0x20);
    this.code.unsigned(local);
  }

  set(local: number): void {
    this.code.byte(0x21);
    this.code.unsigned(local);
  }

  tee(local: number): void {
    this.code.byte(0x22);
    this.code.unsigned(local);
  }

  block(): void {
    this.get(BLOCK_PARAMETER);
  }

  /** Loads from the address on the stack plus a constant offset. */
  load(type: WasmType, offset = 0): void {
    if (type === 'v128') this.simd(0);
    else this.code.byte(loadOpcodes[type]);
    this.code.unsigned(alignments[type]);
    this.code.unsigned(offset);
  }

  /** Stores the value on the stack at the address below it plus a constant offset. */
  store(type: WasmType, offset = 0): void {
    if (type === 'v128') this.simd(11);
    else this.code.byte(storeOpcodes[type]);
    this.code.unsigned(alignments[type]);
    this.code.unsigned(offset);
  }

  loadByte(offset = 0): void {
    this.code.append([0x2d, 0]);
    this.code.unsigned(offset);
  }

  storeByte(offset = 0): void {
    this.code.append([0x3a, 0]);
    this.code.unsigned(offset);
  }

  if(result?: WasmType): void {
    this.code.append([0x04, result ? typeCode(result) : 0x40]);
    this.depth++;
  }

  /** A loop within the body, which `repeatIf` begins anew. */
  loop(): void {
    this.code.append([0x03, 0x40]);
    this.depth++;
  }

  /** Pops an i32 at the end of a loop; goes back to its beginning when it is not 0. */
  repeatIf(): void {
    this.code.append([0x0d, 0]);
  }

  else(): void {
    this.code.byte(0x05);
  }

  end(): void {
    this.code.byte(0x0b);
    this.depth--;
  }

  /** Pops two values and a condition. */
  select(type: WasmType): void {
    if (type === 'v128') this.code.append([0x1c, 1, typeCode(type)]);
    else this.code.byte(op.select);
  }

  lane64(lane: 0 | 1): void {
    this.simd(29);
    this.code.byte(lane);
  }

  replaceLane64(lane: 0 | 1): void {
    this.simd(30);
    this.code.byte(lane);
  }

  /** An i64 on the stack becomes the v128 of the same value in 128 bits. */
  widen(): void {
    const low = this.local('i64');
    this.tee(low);
    this.simd(18);
    this.get(low);
    this.i64(63);
    this.op(op.i64ShrS);
    this.replaceLane64(1);
  }

  kernel(name: string, params: readonly WasmType[], result?: WasmType): void {
    this.call('kernels', name, params, result);
  }

  /** Calls a function of JavaScript that belongs to the instance. */
  host(name: string, params: readonly WasmType[], result?: WasmType): void {
    this.call('host', name, params, result);
  }

  private call(module: string, name: string, params: readonly WasmType[], result?: WasmType): void {
    this.code.byte(0x10);
    this.code.unsigned(this.module.importFunction(module, name, params, result));
  }

  checkStatus(): void {
    this.block();
    this.load('i32', BLOCK_STATUS);
    this.exitIf();
  }

  failIf(failure: FailureName): void {
    this.stopIf(statusOf(failure));
  }

  widenIf(): void {
    if (!this.narrow) throw bugError('widenIf in code whose decimals are exact');
    this.stopIf(STATUS_WIDEN);
  }

  /** In loops within a row, now and then. */
  stopIfCancelled(): void {
    this.block();
    this.load('i32', BLOCK_CANCELLED);
    this.load('i32');
    this.stopIf(STATUS_CANCELLED);
  }

  /** The address of 128 bits on the stack becomes their low half, where that is all there is to them. */
  loadNarrow(): void {
    const [address, low] = [this.local('i32'), this.local('i64')];
    this.tee(address);
    this.load('i64');
    this.tee(low);
    this.i64(63);
    this.op(op.i64ShrS);
    this.get(address);
    this.load('i64', 8);
    this.op(op.i64Ne);
    this.widenIf();
    this.get(low);
  }

  private stopIf(status: number): void {
    this.if();
    this.block();
    this.i32(status);
    this.store('i32', BLOCK_STATUS);
    this.code.byte(0x0c);
    this.code.unsigned(this.depth - this.exitDepth);
    this.end();
  }

  /** Pops an i32; leaves the loop when it is not 0. */
  exitIf(): void {
    this.code.byte(0x0d);
    this.code.unsigned(this.depth - this.exitDepth);
  }

  /** Code that stops goes on behind it, with its status set. */
  attempt(write: () => void): void {
    const { exitDepth } = this;
    this.code.append([0x02, 0x40]);
    this.exitDepth = ++this.depth;
    write();
    this.end();
    this.exitDepth = exitDepth;
  }

  overflowIfNegative32(failure: FailureName): void {
    const local = this.stickyLocal(failure, false);
    this.get(local);
    this.op(op.i32Or);
    this.set(local);
  }

  overflowIfNegative64(failure: FailureName): void {
    const local = this.stickyLocal(failure, true);
    this.get(local);
    this.op(op.i64Or);
    this.set(local);
  }

  private stickyLocal(failure: FailureName, wide: boolean): number {
    if (this.exitDepth >= 0) throw bugError('an attempt whose failures are reported late');
    const key = `${failure}${wide}`;
    let flag = this.sticky.get(key);
    if (!flag) {
      flag = { local: this.local(wide ? 'i64' : 'i32'), wide, failure };
      this.sticky.set(key, flag);
    }
    return flag.local;
  }

  finish(): Uint8Array {
    this.epilogue(() => this.reportSticky());
    const out = new ByteWriter();
    out.unsigned(this.locals.length);
    for (const type of this.locals) out.append([1, typeCode(type)]);
    out.append(this.prologueCode.toBytes());
    out.append([0x02, 0x40, 0x03, 0x40]);
    const body = [this.rowStartCode.toBytes(), this.bodyCode.toBytes()];
    if (this.rowStartCode.length + this.bodyCode.length < MAX_UNROLLED_BYTES) {
      for (let copy = 1; copy < UNROLLED_ROWS; copy++) {
        for (const part of body) out.append(part);
        out.append(this.writeRowStep(op.i32GeU));
        out.append([0x0d, 1]);
      }
    }
    for (const part of body) out.append(part);
    out.append(this.writeRowStep(op.i32LtU));
    out.append([0x0d, 0, 0x0b, 0x0b]);
    out.append(this.epilogueCode.toBytes());
    out.append([0x20, ROW_PARAMETER, 0x0b]);
    return out.toBytes();
  }

  /** Goes on to the next row and compares its number with the end. */
  private writeRowStep(compare: Opcode): Uint8Array {
    const step = new ByteWriter();
    this.within(step, () => {
      this.get(ROW_PARAMETER);
      this.i32(1);
      this.op(op.i32Add);
      this.tee(ROW_PARAMETER);
      this.get(END_PARAMETER);
      this.op(compare);
    });
    return step.toBytes();
  }

  private reportSticky(): void {
    for (const { local, wide, failure } of this.sticky.values()) {
      this.get(local);
      if (wide) this.i64(0);
      else this.i32(0);
      this.op(wide ? op.i64LtS : op.i32LtS);
      this.if();
      this.block();
      this.i32(statusOf(failure));
      this.store('i32', BLOCK_STATUS);
      this.end();
    }
  }
}
