import { BOOLEAN } from '../../../types/sql-type.js';
import type { ScalarFunction } from '../../function-types.js';
import { compatible, memory, overload } from './overloads.js';

const KERNELS: readonly (readonly [operator: string, any: string, all: string])[] = [
  ['=', 'equalsAny', 'equalsAll'],
  ['<>', 'differsFromAny', 'differsFromAll'],
  ['<', 'lessThanAny', 'lessThanAll'],
  ['<=', 'atMostAny', 'atMostAll'],
  ['>', 'greaterThanAny', 'greaterThanAll'],
  ['>=', 'atLeastAny', 'atLeastAll'],
];

/** `x <operator> ANY (array)` is a call of `<operator> any`. */
export const quantifiedFunctions: readonly ScalarFunction[] = KERNELS.flatMap(([operator, any, all]) =>
  [
    { name: `${operator} any`, kernel: any, which: 'an' },
    { name: `${operator} all`, kernel: all, which: 'every' },
  ].map(
    ({ name, kernel, which }): ScalarFunction => ({
      name,
      internal: true,
      doc: `Does the comparison hold for ${which} element of the array? NULL where that depends on a NULL.`,
      overloads: [
        overload(['any', 'array'], BOOLEAN, memory(kernel), {
          coerce: compatible([1], [0]),
          strict: false,
          comparesValues: true,
        }),
      ],
    }),
  ),
);
