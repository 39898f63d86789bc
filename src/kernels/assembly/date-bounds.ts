// What dates and timestamps can be: 4713 BC as in PostgreSQL, to 5874897 AD (dates) and, since ours count from 1970, 294247 AD
// (timestamps).

// @ts-ignore: decorator
@inline export const FIRST_DAY: i64 = -2440588;
// @ts-ignore: decorator
@inline export const LAST_DAY: i64 = 2145042905;
/** The first day of which no timestamp is in range. */
// @ts-ignore: decorator
@inline export const END_OF_DAYS: i64 = 106751983;
// @ts-ignore: decorator
@inline export const FIRST_TIMESTAMP: i64 = -210866803200000000;
// @ts-ignore: decorator
@inline export const END_OF_TIMESTAMPS: i64 = 9223371331200000000;
