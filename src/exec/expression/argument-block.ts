/*
 * The argument block: what a generated function reads and writes besides the columns. Little-endian u32 words.
 *
 *    0  status      0 = went on to the end; else why it stopped (see `Status`)
 *    4  heap current, 8 heap end: where results of text functions are put
 *   12  heap needed: bytes that the value wanted, when the heap was exhausted
 *   16  keep current, 20 keep end: the same for bytes that outlive the batch (min and max of text)
 *   24  constants   pointer to 16 bytes a literal
 *   28  target      filter: where row numbers go; aggregates: state, or pointers to states, one u32 a row
 *   32  operand     16 bytes: the view of the text an error message quotes
 *   48  count       filter: row numbers written so far
 *   52  sources     combine: pointers to the states to merge
 *   56  cancelled   pointer to a word that is not 0 once the query is cancelled
 *   60  random      pointer to the state of random bits, where calls are volatile
 *   64  zone table  names of zones within texts: see kernels/assembly/zone-names.ts
 *   68  zone answer what is to be put into that table
 *   80  inputs      16 bytes each: data, validity, codes, 0
 *   ..  outputs     16 bytes each: data, validity, 0, 0
 *   ..  scratch     16 bytes an operand of calls into JavaScript, the last for the result
 */
export const BLOCK_STATUS = 0;
export const BLOCK_HEAP_CURRENT = 4;
export const BLOCK_HEAP_END = 8;
export const BLOCK_HEAP_NEEDED = 12;
export const BLOCK_KEEP_CURRENT = 16;
/** @public for kernels only */
export const BLOCK_KEEP_END = 20;
export const BLOCK_CONSTANTS = 24;
export const BLOCK_TARGET = 28;
export const BLOCK_OPERAND = 32;
export const BLOCK_COUNT = 48;
export const BLOCK_SOURCES = 52;
export const BLOCK_CANCELLED = 56;
export const BLOCK_RANDOM = 60;
export const BLOCK_ZONE_TABLE = 64;
export const BLOCK_ZONE_ANSWER = 68;
export const BLOCK_INPUTS = 80;
export const BLOCK_ENTRY_BYTES = 16;

/** Values of the status word below the error codes of `expression-errors.ts`. */
export const STATUS_DONE = 0;
/** The string heap is exhausted: supply another and go on at the row reached. */
export const STATUS_HEAP = 1;
/** A decimal left 64 bits: go on at the row reached with the 128-bit variant. */
export const STATUS_WIDEN = 2;
/** As STATUS_HEAP, for the heap of kept bytes. */
export const STATUS_KEEP = 3;
/** A kernel left the row to the TypeScript of its function; generated code calls that at once. */
export const STATUS_DECLINED = 4;
/** The query was cancelled while a row took long. */
export const STATUS_CANCELLED = 5;
/** As STATUS_DECLINED, of a value that is surely an error. */
export const STATUS_REJECTED = 6;
/** A kernel met the name of a zone that it does not know yet: it lies at BLOCK_OPERAND. */
export const STATUS_ZONE = 7;
/** The least of the error codes. */
export const FIRST_FAILURE = 16;
