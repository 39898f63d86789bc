import type { ProbeDifference } from './probe-engines.js';

/** Where Millrace differs from PostgreSQL, and knows it: each has its paragraph in docs/postgres-compatibility.md. */
const known: readonly ((difference: ProbeDifference) => boolean)[] = [
  // The scale of quotients is static.
  ({ ours, theirs }) => isDecimal(ours.value) && isDecimal(theirs.value) && isClose(ours.value!, theirs.value!),
  // numeric has neither NaN nor infinity.
  ({ ours, theirs }) => /^(NaN|-?Infinity)$/.test(theirs.value ?? '') && /^(22003|0A000)$/.test(ours.code ?? ''),
  // Intervals are not infinite.
  ({ ours, theirs }) => /^-?infinity$/.test(theirs.value ?? '') && /^(22008|0A000)$/.test(ours.code ?? ''),
  // Timestamps end in 294247.
  ({ expression, ours }) => expression.includes('294276') && ours.code === '22008',
  // There is no operator that takes a key from jsonb.
  ({ ours, theirs, expression }) =>
    ours.code === '42883' &&
    (theirs.message?.includes('json') ||
      theirs.message?.includes('delete from scalar') ||
      /^null - /.test(expression)) === true,
  // The tz database of PGlite is another version, and knows other Ramadans.
  ({ expression }) => expression.includes('Africa/Casablanca'),
  // Rules after POSIX hold from 1900 on.
  ({ expression }) => expression.includes('EST5EDT,M3') && expression.includes("'18"),
  // PostgreSQL forgets to carry into the exponent.
  ({ theirs }) => /^.?10\.0+e/.test(theirs.value ?? ''),
  // Weeks of negative intervals.
  ({ expression }) => /interval '-13 mons 5 days', '(FM)?(I|Y,)/.test(expression),
  // A point before the sign of a number.
  ({ expression }) => expression.includes("'.-01'"),
  // They are functions of another area.
  ({ expression }) => /^(@|\|\/|\|\|\/) /.test(expression),
];

export function isKnownDifference(difference: ProbeDifference): boolean {
  return known.some((test) => test(difference));
}

const isDecimal = (text: string | null): boolean => text !== null && /^-?\d+\.\d+$/.test(text);

/** To sixteen digits behind the point, or in the last place of a double. */
function isClose(left: string, right: string): boolean {
  const [a, b] = [Number(left), Number(right)];
  return Math.abs(a - b) <= 1e-16 || Math.abs(a - b) <= Math.abs(b) * 4e-16;
}
