import type { EngineResult } from './engine.js';

/** Between the benchmark and an engine's own process: one request at a time, one reply each. */
export type EngineRequest =
  | { readonly kind: 'open'; readonly lakePath: string; readonly threads: number; readonly memoryLimit: string }
  | { readonly kind: 'run'; readonly sql: string }
  | { readonly kind: 'close' };

export type EngineReply =
  | { readonly kind: 'done'; readonly result?: EngineResult; readonly peakMemoryBytes: number }
  | { readonly kind: 'failed'; readonly message: string };
