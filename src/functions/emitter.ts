import type { SqlType } from '../types/sql-type.js';
import type { Opcode, WasmType } from './opcodes.js';

/**
 * Conditions generated code stops on. Their texts are PostgreSQL's; see `expressionError` in exec/expression.
 */
export type FailureName =
  | 'divisionByZero'
  | 'smallintOverflow'
  | 'integerOverflow'
  | 'bigintOverflow'
  | 'decimalOverflow'
  | 'floatOverflow'
  | 'floatUnderflow'
  | 'dateOverflow'
  | 'timestampOverflow'
  | 'dateBeyondTimestamps'
  | 'intervalOverflow'
  | 'infiniteDates'
  | 'negativeSquareRoot'
  | 'logarithmOfZero'
  | 'logarithmOfNegative'
  | 'invalidPower'
  | 'negativeSubstring'
  | 'textTooLong'
  | 'nestedTooLong'
  | 'inputOutOfRange'
  | 'boundsOutOfOrder'
  | 'fractionOutOfRange';

/** What is known of an operand when code is generated. */
export interface OperandInfo {
  readonly type: SqlType;
  /** How it lies on the stack. Decimals are i64 or v128 (i128), whichever this variant of the code uses. */
  readonly wasm: WasmType;
  /** For integers and decimals: |value| <= 2^bits, from the declared type, the literal or the operation. */
  readonly bits: number;
}

/**
 * Appends WebAssembly instructions to the function being generated. When a function's `emit` is called, its operands
 * are on the stack, the last on top, none of them NULL unless the function is not strict; it leaves its result there.
 *
 * On the stack a boolean is an i32 (0 or 1); smallint, integer and date are i32; text, i128, interval and uuid are the
 * v128 of their 16 bytes; the others are what their names say.
 */
export interface Emitter {
  op(...opcodes: Opcode[]): void;
  i32(value: number): void;
  i64(value: bigint | number): void;
  f32(value: number): void;
  f64(value: number): void;
  /** A local of its own, for the caller to use as it likes. */
  local(type: WasmType): number;
  get(local: number): void;
  set(local: number): void;
  tee(local: number): void;
  if(result?: WasmType): void;
  else(): void;
  end(): void;
  /** Extracts a 64-bit half of the v128 on the stack. */
  lane64(lane: 0 | 1): void;
  /** An i64 on the stack becomes the v128 of the same value in 128 bits. */
  widen(): void;
  /** Calls a kernel by name; kernels are instantiated beside the module, so the call costs a few cycles. */
  kernel(name: string, params: readonly WasmType[], result?: WasmType): void;
  /** Pushes the pointer of the argument block: the first parameter of kernels that can fail or allocate. */
  block(): void;
  /** After a kernel that got the argument block: stops when it reported an error or an exhausted heap. */
  checkStatus(): void;
  /** Pops an i32; when it is not 0, stops with the failure. For conditions that must not let the code go on. */
  failIf(failure: FailureName): void;
  /** Pops an i32; a negative one means overflow, reported at the end of the batch. */
  overflowIfNegative32(failure: FailureName): void;
  /** Pops an i64; a negative one means overflow, reported at the end of the batch. */
  overflowIfNegative64(failure: FailureName): void;
  /**
   * Pops an i32; when it is not 0, the row is done again with 128-bit decimals. In code that is that variant already
   * it must not be called.
   */
  widenIf(): void;
}
