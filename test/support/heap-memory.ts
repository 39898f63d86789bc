import type { FunctionMemory } from '../../src/functions/function-types.js';

/** Memory for functions that are called without a query. */
export const heapMemory: FunctionMemory = { allocate: (byteLength) => new Uint8Array(byteLength) };
