// The program of a jsonpath, and the machine that runs it over the text of jsonb. Programs are made by
// functions/scalar/jsonpath/path-program.ts:
//
//   program   u8 what is asked for, u8 is it strict, u8 does it compute values, u8 are errors no result, "true", "false",
//             "null", u8 what becomes of no item and of errors, and how lists are wrapped (json-path-forms.ts), u32 address
//             of the powers of ten, "[]", "{}", a node
//   node      u32 kind, u32 its bytes, then of
//               a literal, a variable   u32 length, text of JSON or a name, zeros up to a multiple of 4
//               a path                  u32 number of steps, the node of its head, the steps
//               a key                   as a literal: its name
//               subscripts              u32 their number, then each: u32 how the index is written, i32 the index, or where
//                                       in this node the expression is that computes it, and the same of the last; the
//                                       expressions
//               descendants             u32 first and last level, -1 for the last of all
//               a filter                the node of its predicate
//               a method                u32 which, of type() then 6 slots of u8 length and 11 bytes of text
//               a comparison            u32 operator, two nodes
//               starts with, and, or    two nodes
//               not, is unknown, exists a node
//               like_regex              a node, the program of the regular expression
//               an operator             u32 which, a node, of arithmetic another
//
// The machine that runs it lies in the heap while it does:
//
//    0  u32 start and end of the root        8  u32 start and end of the variables, 0 where there are none
//   16  u32 end of the items, and of their room
//   24  u32 are arrays that are found replaced by their elements?
//   28  u32 0, FAILED where something is an error, LOST where the row is not for us
//   32  u32 is the path strict, u32 is what is not there skipped all the same, as behind **
//   40  u32 the program, u32 elements of the array whose subscript is computed
//   48  u32 where the next computed value goes, u32 the end of their room
//   56  u32 start and end of what `@` stands for
//   64  i32 status of arithmetic, u32 0
//   72  items, u32 start and end each: a stack; computed values
import { MISSING, partOf } from './json-access';
import { OPEN_BRACKET } from './json-characters';
import { firstPart, hasPart, nextPart, skipValue } from './json-scan';
import { hasEscapes, putUnescaped } from './json-strings';

// Kinds of nodes.
// @ts-ignore: decorator
@inline export const LITERAL: u32 = 0;
// @ts-ignore: decorator
@inline export const VARIABLE: u32 = 1;
// @ts-ignore: decorator
@inline export const ROOT: u32 = 2;
// @ts-ignore: decorator
@inline export const CURRENT: u32 = 3;
// @ts-ignore: decorator
@inline export const PATH: u32 = 4;
// @ts-ignore: decorator
@inline export const KEY: u32 = 5;
// @ts-ignore: decorator
@inline export const ANY_KEY: u32 = 6;
// @ts-ignore: decorator
@inline export const ANY_ELEMENT: u32 = 7;
// @ts-ignore: decorator
@inline export const SUBSCRIPTS: u32 = 8;
// @ts-ignore: decorator
@inline export const DESCENDANTS: u32 = 9;
// @ts-ignore: decorator
@inline export const FILTER: u32 = 10;
// @ts-ignore: decorator
@inline export const COMPARISON: u32 = 11;
// @ts-ignore: decorator
@inline export const STARTS_WITH: u32 = 12;
// @ts-ignore: decorator
@inline export const AND: u32 = 13;
// @ts-ignore: decorator
@inline export const OR: u32 = 14;
// @ts-ignore: decorator
@inline export const NOT: u32 = 15;
// @ts-ignore: decorator
@inline export const IS_UNKNOWN: u32 = 16;
// @ts-ignore: decorator
@inline export const EXISTS_ANY: u32 = 17;
// @ts-ignore: decorator
@inline export const LIKE_REGEX: u32 = 18;
// @ts-ignore: decorator
@inline export const LAST: u32 = 19;
// @ts-ignore: decorator
@inline export const UNARY: u32 = 20;
// @ts-ignore: decorator
@inline export const ARITHMETIC: u32 = 21;
// @ts-ignore: decorator
@inline export const METHOD: u32 = 22;

/** Is a node true, false or unknown? */
// @ts-ignore: decorator
@inline export function isPredicate(kind: u32): bool {
  return kind - COMPARISON <= LIKE_REGEX - COMPARISON;
}

// @ts-ignore: decorator
@inline export const FALSE: u32 = 0;
// @ts-ignore: decorator
@inline export const TRUE: u32 = 1;
// @ts-ignore: decorator
@inline export const UNKNOWN: u32 = 2;

// @ts-ignore: decorator
@inline export const ITEMS_AT: u32 = 72;

/** Begins with no items, of which `mostItems` have room, and behind them `roomBytes` of computed values. */
export function startMachine(
  machine: usize,
  program: usize,
  start: usize,
  end: usize,
  variables: usize,
  variablesEnd: usize,
  mostItems: u32,
  roomBytes: u32,
): void {
  const room = machine + ITEMS_AT + (<usize>mostItems << 3);
  store<u32>(machine, start);
  store<u32>(machine, end, 4);
  store<u32>(machine, variables, 8);
  store<u32>(machine, variablesEnd, 12);
  store<u32>(machine, machine + ITEMS_AT, 16);
  store<u32>(machine, room, 20);
  store<u64>(machine, 0, 24);
  store<u64>(machine, <u64>load<u8>(program, 1), 32);
  store<u64>(machine, program, 40);
  store<u32>(machine, room, 48);
  store<u32>(machine, room + roomBytes, 52);
  store<u64>(machine, 0, 56);
  store<u64>(machine, 0, 64);
}

// @ts-ignore: decorator
@inline const FAILED: u32 = 1;
// @ts-ignore: decorator
@inline const LOST: u32 = 2;

// @ts-ignore: decorator
@inline
export function giveUp(machine: usize): void {
  store<u32>(machine, LOST, 28);
}

/** There is an error: nothing more is found, and the predicate that it is in is unknown. */
export function failPath(machine: usize): void {
  if (load<u32>(machine, 28) == 0) store<u32>(machine, FAILED, 28);
}

// @ts-ignore: decorator
@inline
export function isLost(machine: usize): bool {
  return load<u32>(machine, 28) == LOST;
}

// @ts-ignore: decorator
@inline
export function isFailed(machine: usize): bool {
  return load<u32>(machine, 28) == FAILED;
}

/** Is nothing more to be looked for? */
// @ts-ignore: decorator
@inline
export function isStopped(machine: usize): bool {
  return load<u32>(machine, 28) != 0;
}

/** Was there an error? From now on there is none. */
export function takeFailure(machine: usize): bool {
  const wasFailed = isFailed(machine);
  if (wasFailed) store<u32>(machine, 0, 28);
  return wasFailed;
}

// @ts-ignore: decorator
@inline
export function isStrict(machine: usize): bool {
  return load<u32>(machine, 32) != 0;
}

/** Is what is not there an error? */
// @ts-ignore: decorator
@inline
export function isUnforgiving(machine: usize): bool {
  return load<u64>(machine, 32) == 1;
}

/** Nothing was found where something must be, if the path is strict. */
export function findNothing(machine: usize): void {
  if (isUnforgiving(machine)) failPath(machine);
}

// @ts-ignore: decorator
@inline const TRUE_AT: usize = 4;
// @ts-ignore: decorator
@inline const FALSE_AT: usize = 8;
// @ts-ignore: decorator
@inline const NULL_AT: usize = 13;
// @ts-ignore: decorator
@inline export const BODY_AT: usize = 28;

/** The table of powers of ten. */
// @ts-ignore: decorator
@inline
export function powersOf(machine: usize): usize {
  return load<u32>(load<u32>(machine, 40), 20);
}

/** What a predicate is, as JSON. */
export function truthPart(machine: usize, truth: u32): i64 {
  const program: usize = load<u32>(machine, 40);
  if (truth == TRUE) return partOf(program + TRUE_AT, program + TRUE_AT + 4);
  if (truth == FALSE) return partOf(program + FALSE_AT, program + FALSE_AT + 5);
  return partOf(program + NULL_AT, program + NULL_AT + 4);
}

/** Room for a computed value of at most so many bytes; 0 where there is none. What is kept of it, `keepRoom` says. */
export function roomFor(machine: usize, byteLength: usize): usize {
  const room: usize = load<u32>(machine, 48);
  const end: usize = load<u32>(machine, 52);
  if (end - room >= byteLength) return room;
  giveUp(machine);
  return 0;
}

// @ts-ignore: decorator
@inline
export function keepRoom(machine: usize, end: usize): void {
  store<u32>(machine, end, 48);
}

/** A string of jsonb without its quotes and escapes. */
export function textOf(machine: usize, start: usize, end: usize): i64 {
  if (!hasEscapes(start, end)) return partOf(start + 1, end - 1);
  const target = roomFor(machine, end - start);
  if (target == 0) return MISSING;
  const to = putUnescaped(start + 1, end - 1, target);
  if (to == 0) giveUp(machine);
  else keepRoom(machine, to);
  return to == 0 ? MISSING : partOf(target, to);
}

// @ts-ignore: decorator
@inline
export function topOf(machine: usize): usize {
  return load<u32>(machine, 16);
}

export function push(machine: usize, start: usize, end: usize): void {
  const top = topOf(machine);
  if (top >= load<u32>(machine, 20)) return giveUp(machine);
  store<u32>(top, start);
  store<u32>(top, end, 4);
  store<u32>(machine, top + 8, 16);
}

/** An item that was found. */
export function give(machine: usize, start: usize, end: usize): void {
  if (load<u32>(machine, 24) == 0 || load<u8>(start) != OPEN_BRACKET) return push(machine, start, end);
  let at = firstPart(start, end);
  while (hasPart(at, end)) {
    const behind = skipValue(at, end);
    if (behind == 0) return giveUp(machine);
    push(machine, at, behind);
    at = nextPart(behind, end);
  }
}

// @ts-ignore: decorator
@inline
export function behindNode(node: usize): usize {
  return node + load<u32>(node, 4);
}

