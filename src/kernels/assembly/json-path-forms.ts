// The clauses of the forms of SQL/JSON, JSON_VALUE and its like: see functions/scalar/json/json-form-clauses.ts. Their
// arguments: the value, the path, variables, the clauses, and what is put where there is no item, and where there is an error.
import { argument, isNullArgument, resultOf, returnView, setNullResult } from './memory-call';
import { decline } from './status';

/** The forms have so many arguments. */
// @ts-ignore: decorator
@inline export const ARGUMENTS_OF_FORM: u32 = 6;
// @ts-ignore: decorator
@inline const WHEN_EMPTY: u32 = 4;
// @ts-ignore: decorator
@inline const WHEN_ERROR: u32 = 5;

// Reactions.
// @ts-ignore: decorator
@inline const RAISE: u32 = 1;
// @ts-ignore: decorator
@inline const DEFAULT: u32 = 2;
// @ts-ignore: decorator
@inline const EMPTY_ARRAY: u32 = 3;
// @ts-ignore: decorator
@inline const EMPTY_OBJECT: u32 = 4;
// @ts-ignore: decorator
@inline const IS_TRUE: u32 = 5;
// @ts-ignore: decorator
@inline const IS_FALSE: u32 = 6;

// @ts-ignore: decorator
@inline const WRAPPED: u32 = 1;
// @ts-ignore: decorator
@inline const WRAPPED_IF_SEVERAL: u32 = 2;
// @ts-ignore: decorator
@inline const WITHOUT_QUOTES: u32 = 4;

/** Is what was found put into an array? */
export function isWrapped(program: usize, found: i32): bool {
  const flags: u32 = load<u8>(program, 19);
  return (flags & WRAPPED) != 0 || ((flags & WRAPPED_IF_SEVERAL) != 0 && found > 1);
}

// @ts-ignore: decorator
@inline export function isWithoutQuotes(program: usize): bool {
  return (load<u8>(program, 19) & WITHOUT_QUOTES) != 0;
}

/** The result where there was no item, or an error. */
export function returnReaction(block: usize, args: usize, count: u32, program: usize, isError: bool): void {
  const reaction: u32 = isError ? load<u8>(program, 18) : load<u8>(program, 17);
  const place = isError ? WHEN_ERROR : WHEN_EMPTY;
  if (reaction == RAISE) decline(block);
  else if (reaction == EMPTY_ARRAY) returnView(args, count, program + 24, 2);
  else if (reaction == EMPTY_OBJECT) returnView(args, count, program + 26, 2);
  else if (reaction == IS_TRUE || reaction == IS_FALSE) store<u32>(resultOf(args, count), u32(reaction == IS_TRUE));
  else if (reaction == DEFAULT && !isNullArgument(args, count, place)) {
    v128.store(resultOf(args, count), v128.load(argument(args, place)));
  } else setNullResult(args, count);
}
