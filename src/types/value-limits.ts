import type { SqlType } from './sql-type.js';

/** The least and the greatest value of types that are stored as whole numbers; of dates without the infinite ones, in days since 1970. */
export const VALUE_LIMITS: Partial<Record<SqlType['kind'], readonly [bigint, bigint]>> = {
  smallint: [-32768n, 32767n],
  integer: [-2147483648n, 2147483647n],
  bigint: [-9223372036854775808n, 9223372036854775807n],
  date: [-2440588n, 2145031948n],
};
