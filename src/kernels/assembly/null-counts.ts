// How many arguments are NULL, called by memory (memory-call.ts).
import { isNullArgument, resultOf } from './memory-call';

export function countNulls(block: usize, args: usize, count: u32): void {
  let found = 0;
  for (let i: u32 = 0; i < count; i++) found += i32(isNullArgument(args, count, i));
  store<i32>(resultOf(args, count), found);
}

export function countPresent(block: usize, args: usize, count: u32): void {
  let found = 0;
  for (let i: u32 = 0; i < count; i++) found += i32(!isNullArgument(args, count, i));
  store<i32>(resultOf(args, count), found);
}
