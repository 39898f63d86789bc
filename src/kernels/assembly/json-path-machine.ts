// The program of a jsonpath, and the machine that runs it over the text of jsonb. Programs are made by
// functions/scalar/jsonpath/path-program.ts:
//
//   program   u8 what is asked for, u8 is it strict, two zeros, "true", "false", "null" and 3 zeros, a node
//   node      u32 kind, u32 its bytes, then of
//               a literal, a variable   u32 length, text of JSON or a name, zeros up to a multiple of 4
//               a path                  u32 number of steps, the node of its head, the steps
//               a key                   as a literal: its name
//               subscripts              u32 their number, then each: u32 from the end, i32 index, and the same of the last
//               descendants             u32 first and last level, -1 for the last of all
//               a filter                the node of its predicate
//               a comparison            u32 operator, two nodes
//               starts with, and, or    two nodes
//               not, is unknown, exists a node
//
// The machine that runs it lies in the heap while it does:
//
//    0  u32 start and end of the root        8  u32 start and end of the variables, 0 where there are none
//   16  u32 end of the items, and of their room
//   24  u32 are arrays that are found replaced by their elements?
//   28  u32 0, FAILED where something is an error, LOST where the row is not for us
//   32  u32 is the path strict? u32 0
//   40  items, u32 start and end each: a stack
import { OPEN_BRACKET } from './json-characters';
import { firstPart, hasPart, nextPart, skipValue } from './json-scan';

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
@inline export const FALSE: u32 = 0;
// @ts-ignore: decorator
@inline export const TRUE: u32 = 1;
// @ts-ignore: decorator
@inline export const UNKNOWN: u32 = 2;

// @ts-ignore: decorator
@inline export const ITEMS_AT: u32 = 40;

/** Begins with no items, of which `mostItems` have room. */
export function startMachine(
  machine: usize,
  start: usize,
  end: usize,
  variables: usize,
  variablesEnd: usize,
  mostItems: u32,
  isStrict: bool,
): void {
  store<u32>(machine, start);
  store<u32>(machine, end, 4);
  store<u32>(machine, variables, 8);
  store<u32>(machine, variablesEnd, 12);
  store<u32>(machine, machine + ITEMS_AT, 16);
  store<u32>(machine, machine + ITEMS_AT + (<usize>mostItems << 3), 20);
  store<u64>(machine, 0, 24);
  store<u64>(machine, u64(isStrict), 32);
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

/** Nothing was found where something must be, if the path is strict. */
export function findNothing(machine: usize): void {
  if (isStrict(machine)) failPath(machine);
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

