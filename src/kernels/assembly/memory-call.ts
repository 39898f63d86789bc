// Arguments of kernels that generated code calls by memory (src/exec/expression/memory-call-code.ts):
//
//   arguments        16 bytes each, values as in a column, then 16 for the result
//   words            u32 each, in the same order: u8 is NULL, u8 tag, u8 scale, u8 0
//
// A kernel that returns without a result sets the result's NULL byte, which is 0 when it is called.
import { arrayBytes } from './nested-access';
import { fail, heapAllocate } from './status';
import { isVariable } from './value-tags';
import { makeView } from './text-view';

/** The status of a value that is too long: see expression-errors.ts. */
// @ts-ignore: decorator
@inline const NESTED_TOO_LONG: i32 = 33;

// @ts-ignore: decorator
@inline
function wordOf(args: usize, count: u32, index: u32): usize {
  return args + ((<usize>count + 1) << 4) + (<usize>index << 2);
}

// @ts-ignore: decorator
@inline
export function argument(args: usize, index: u32): usize {
  return args + (<usize>index << 4);
}

// @ts-ignore: decorator
@inline
export function isNullArgument(args: usize, count: u32, index: u32): bool {
  return load<u8>(wordOf(args, count, index)) != 0;
}

/** The tag of an argument; with `count` as the index, of the result. */
// @ts-ignore: decorator
@inline
export function argumentTag(args: usize, count: u32, index: u32): u32 {
  return load<u8>(wordOf(args, count, index), 1);
}

// @ts-ignore: decorator
@inline
export function argumentScale(args: usize, count: u32, index: u32): u32 {
  return load<u8>(wordOf(args, count, index), 2);
}

// @ts-ignore: decorator
@inline
export function resultOf(args: usize, count: u32): usize {
  return argument(args, count);
}

// @ts-ignore: decorator
@inline
export function setNullResult(args: usize, count: u32): void {
  store<u8>(wordOf(args, count, count), 1);
}

/** An integer argument, as 64 bits: smallint and integer have 32. */
// @ts-ignore: decorator
@inline
export function integerArgument(args: usize, index: u32): i64 {
  return <i64>load<i32>(argument(args, index));
}

/** Where the bytes of a nested argument lie. */
// @ts-ignore: decorator
@inline
export function nestedArgument(args: usize, index: u32): usize {
  return load<u32>(argument(args, index), 4);
}

/** The bytes of a value: of an argument of variable width, what its view points to. Never 0, also of an empty text. */
// @ts-ignore: decorator
@inline
export function valuePointer(value: usize, tag: u32): usize {
  if (!isVariable(tag)) return value;
  const pointer = <usize>load<u32>(value, 4);
  return pointer == 0 ? value : pointer;
}

/** Room in the heap for a nested value; 0, with the status set, when there is none. */
export function allocateNested(block: usize, byteLength: u64): usize {
  if (byteLength > 0x3fffffff) {
    fail(block, NESTED_TOO_LONG);
    return 0;
  }
  return heapAllocate(block, <u32>byteLength);
}

export function allocateArray(block: usize, count: u32, tag: u32, variable: u64): usize {
  return allocateNested(block, arrayBytes(count, tag, variable));
}

/** The result is the `length` bytes at `pointer`. */
// @ts-ignore: decorator
@inline
export function returnView(args: usize, count: u32, pointer: usize, length: u32): void {
  v128.store(resultOf(args, count), makeView(pointer, length));
}

/** The result is a value of a tag: of `length` bytes at `pointer`. */
export function returnValue(args: usize, count: u32, tag: u32, pointer: usize, length: u32): void {
  const result = resultOf(args, count);
  if (isVariable(tag)) {
    v128.store(result, makeView(pointer, length));
  } else if (length == 4) {
    store<u32>(result, load<u32>(pointer));
  } else if (length == 8) {
    store<u64>(result, load<u64>(pointer));
  } else if (length == 16) {
    v128.store(result, v128.load(pointer));
  } else {
    store<u32>(result, load<u8>(pointer));
  }
}
