import type { ResultFormat } from '../exec/result/result-format.js';
import type { RunningQuery } from '../exec/running-query.js';
import type { NodeCounters } from '../planner/explain/explain-options.js';
import type { PhysicalNode } from '../planner/physical/physical-plan.js';
import type { ObjectWriter } from '../storage/object-store.js';
import type { ConstantRows } from './constant-rows.js';
import type { Cursor } from './cursors.js';
import type { Motion, ScrollCursor } from './scroll-cursor.js';
import type { CommandCompletion } from './session.js';

/**
 * What a statement comes to, once it is bound and its parameters are known:
 *
 * - `rows`     a plan whose rows are the result
 * - `constant` rows that are known already
 * - `analyze`  a plan whose rows are dropped, and the rows that tell what it did; if it is that of a write, the write takes place
 * - `write`    a plan that writes files, and what is to be done with them once they are complete
 * - `returning` a plan whose rows are the result of a write, which is published when they have been given
 * - `series`   plans without rows, made and run one after the other
 * - `fetch`    rows of a query that goes on
 * - `scroll`   rows of one that also goes back
 * - `copyOut`  a plan whose rows leave as text, to the client or into a file
 * - `done`     nothing further
 */
export type StatementResult =
  | { readonly kind: 'rows'; readonly plan: PhysicalNode; readonly command: string }
  | { readonly kind: 'constant'; readonly rows: ConstantRows; readonly command: string }
  | {
      readonly kind: 'analyze';
      readonly plan: PhysicalNode;
      /** Called when the plan has run, with the counters of its nodes. */
      readonly report: (counters: ReadonlyMap<number, NodeCounters>, executionMs: number) => ConstantRows;
      readonly command: string;
      /** What is to be done with what the plan wrote, or to be published of it. */
      readonly write?: Extract<StatementResult, { kind: 'write' | 'returning' }> | undefined;
    }
  | {
      readonly kind: 'write';
      readonly plan: PhysicalNode;
      /** Publishes the files that the query wrote. */
      readonly commit: (query: RunningQuery) => Promise<CommandCompletion>;
      /** Removes what was staged. */
      readonly abort: () => Promise<void>;
      /** Whether the completion tells how many rows were written; it does by default. */
      readonly countsRows?: boolean;
      /** Says of an error what the user can do about it here. */
      readonly explain?: (error: unknown) => unknown;
    }
  | {
      readonly kind: 'returning';
      readonly plan: PhysicalNode;
      /** `rowCount`: of the rows that were given. */
      readonly commit: (rowCount: number) => Promise<CommandCompletion>;
      readonly abort: () => Promise<void>;
    }
  | {
      readonly kind: 'series';
      /** Each makes a plan when it is its turn; undefined where there is nothing to do. */
      readonly steps: readonly (() => Promise<PhysicalNode | undefined>)[];
      /** Called at the end, also after a failure. */
      readonly end: () => void;
      readonly completion: CommandCompletion;
    }
  | {
      readonly kind: 'copyOut';
      readonly plan: PhysicalNode;
      readonly format: ResultFormat;
      /** The line with the names, where there is one. */
      readonly header: Uint8Array | undefined;
      /** Where the text goes; the client if undefined. */
      readonly file: ObjectWriter | undefined;
    }
  | {
      readonly kind: 'fetch';
      readonly cursor: Cursor;
      /** Rows to skip, and then to give. */
      readonly skip: number;
      readonly count: number;
      /** MOVE: only goes over the rows. */
      readonly moves: boolean;
    }
  | {
      readonly kind: 'scroll';
      readonly cursor: ScrollCursor;
      readonly motion: Motion;
      /** MOVE: gives no rows. */
      readonly moves: boolean;
    }
  | { readonly kind: 'done'; readonly completion: CommandCompletion };
