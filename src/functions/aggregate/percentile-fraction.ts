import { DOUBLE } from '../../types/sql-type.js';
import type { ScalarFunction } from '../function-types.js';
import { op } from '../opcodes.js';

/** What `percentile_cont` and `percentile_disc` are given, where it is known only with each group. */
export const percentileFraction: ScalarFunction = {
  name: 'percentile_fraction',
  doc: 'The number itself, which must be from 0 to 1.',
  internal: true,
  overloads: [
    {
      args: ['double'],
      returns: DOUBLE,
      fallible: true,
      implementation: {
        kind: 'emit',
        emit(e) {
          const fraction = e.local('f64');
          e.tee(fraction);
          e.f64(0);
          e.op(op.f64Ge);
          e.get(fraction);
          e.f64(1);
          e.op(op.f64Le, op.i32And, op.i32Eqz);
          e.failIf('fractionOutOfRange');
          e.get(fraction);
          return undefined;
        },
      },
    },
  ],
};
