import { BIGINT } from '../../types/sql-type.js';
import type { ScalarFunction } from '../function-types.js';
import { op } from '../opcodes.js';

/**
 * In an aggregate with DISTINCT, of how many rows the argument was made one: the rule distinct-aggregates puts the count
 * there. A row alone is one.
 *
 *     array_agg(distinct row(x, occurrences(x)))   →   each value, and how often it comes
 */
export const occurrences: ScalarFunction = {
  name: 'occurrences',
  doc: 'How many rows an argument of an aggregate with DISTINCT stands for.',
  internal: true,
  overloads: [
    {
      args: ['any'],
      returns: BIGINT,
      implementation: {
        kind: 'emit',
        emit(e) {
          e.op(op.drop);
          e.i64(1);
          return undefined;
        },
      },
    },
  ],
};

/** Its overload. */
export const OCCURRENCES = 'occurrences(any)';
