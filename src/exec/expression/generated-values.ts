import type { FunctionImplementation } from '../../functions/function-types.js';
import type { WasmType } from '../../functions/opcodes.js';
import { physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { GraphNode } from './expression-graph.js';

/** What is known of the value that was just pushed. */
export interface Emitted {
  /** A local that is 1 where the value is NULL; undefined when it never is. The value itself is then arbitrary. */
  readonly nulls: number | undefined;
  /** For integers and decimals: |value| <= 2^bits. */
  readonly bits: number;
}

/** How decimals are computed: `narrow`: all in 64 bits, checked; `exact`: each as wide as its type. */
export type DecimalMode = 'narrow' | 'exact';

export function wasmTypeOf(type: SqlType, mode: DecimalMode): WasmType {
  const physical = physicalTypeOf(type);
  switch (physical) {
    case 'bool':
      return 'i32';
    case 'i32':
    case 'i64':
    case 'f32':
    case 'f64':
      return physical;
    case 'i128':
      return mode === 'narrow' ? 'i64' : 'v128';
    case 'string':
    case 'interval':
    case 'uuid':
      return 'v128';
  }
}

/** A function of JavaScript that code calls; equal keys are the same. */
export type HostCall = { readonly key: string } & (
  | {
      /** Per row, with its operands in the block's scratch area. */
      readonly kind: 'function';
      readonly node: GraphNode;
      readonly implementation: Extract<FunctionImplementation, { kind: 'vector' }>;
    }
  /** Makes a constant of a text: see memo-constants.ts. */
  | { readonly kind: 'memo'; readonly node: GraphNode }
  /** Says what zone it is that a text names: see zone-names.ts. */
  | { readonly kind: 'zone' }
);
