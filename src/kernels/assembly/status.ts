// The head of the argument block of generated code (src/exec/expression/argument-block.ts), as far as kernels use it.

// @ts-ignore: decorator
@inline export const STATUS_HEAP: i32 = 1;
// @ts-ignore: decorator
@inline export const STATUS_WIDEN: i32 = 2;
// @ts-ignore: decorator
@inline export const STATUS_KEEP: i32 = 3;
// @ts-ignore: decorator
@inline export const STATUS_DECLINED: i32 = 4;
// @ts-ignore: decorator
@inline export const STATUS_REJECTED: i32 = 6;
// @ts-ignore: decorator
@inline export const STATUS_ZONE: i32 = 7;
// @ts-ignore: decorator
@inline export const DIVISION_BY_ZERO: i32 = 16;
// @ts-ignore: decorator
@inline export const BIGINT_OVERFLOW: i32 = 19;
// @ts-ignore: decorator
@inline export const DECIMAL_OVERFLOW: i32 = 20;
// @ts-ignore: decorator
@inline export const DATE_OVERFLOW: i32 = 22;
// @ts-ignore: decorator
@inline export const TIMESTAMP_OVERFLOW: i32 = 23;
// @ts-ignore: decorator
@inline export const INTERVAL_OVERFLOW: i32 = 24;
// @ts-ignore: decorator
@inline export const NEGATIVE_SUBSTRING: i32 = 29;
// @ts-ignore: decorator
@inline export const DATE_BEYOND_TIMESTAMPS: i32 = 31;
// @ts-ignore: decorator
@inline export const TEXT_TOO_LONG: i32 = 32;

/** Makes generated code stop at this row; see expression-errors.ts for the numbers. */
export function fail(block: usize, status: i32): void {
  store<i32>(block, status);
}

/** Leaves this row to the TypeScript of the function: rare values, and what raises errors that name the value. */
export function decline(block: usize): void {
  store<i32>(block, STATUS_DECLINED);
}

/** The same for a value that is surely an error, which TypeScript words; TRY_CAST makes NULL of it without asking. */
export function reject(block: usize): void {
  store<i32>(block, STATUS_REJECTED);
}

/** Asks TypeScript what zone it is that a text names: see zone-names.ts. */
export function askForZone(block: usize, name: v128): void {
  v128.store(block, name, 32);
  store<i32>(block, STATUS_ZONE);
}

/** Asks for the kernel of 128 bits, where a decimal of more than 18 digits does not fit the 64 of this one. */
export function widen(block: usize): void {
  store<i32>(block, STATUS_WIDEN);
}

/** `byteLength` bytes of the string heap; 0, with the status set, when they are not there. */
export function heapAllocate(block: usize, byteLength: u32): usize {
  const current = load<u32>(block, 4);
  if (load<u32>(block, 8) - current < byteLength) {
    store<u32>(block, byteLength, 12);
    store<i32>(block, STATUS_HEAP);
    return 0;
  }
  store<u32>(block, current + byteLength, 4);
  return current;
}

/** Where the next bytes of the string heap will lie. */
export function heapEnd(block: usize): usize {
  return load<u32>(block, 4);
}

/** Gives back the last `byteLength` bytes of the string heap. */
export function heapReturn(block: usize, byteLength: u32): void {
  store<u32>(block, load<u32>(block, 4) - byteLength, 4);
}

/** The same for bytes that outlive the batch. */
export function keepAllocate(block: usize, byteLength: u32): usize {
  const current = load<u32>(block, 16);
  if (load<u32>(block, 20) - current < byteLength) {
    store<u32>(block, byteLength, 12);
    store<i32>(block, STATUS_KEEP);
    return 0;
  }
  store<u32>(block, current + byteLength, 16);
  return current;
}
