/*
 * The clauses of JSON_VALUE, JSON_QUERY and JSON_EXISTS as a kernel reads them, a byte each: what becomes of no item, and of
 * errors, and bits for what is wrapped and quoted. See kernels/assembly/json-path-forms.ts.
 */
const REACTIONS: Readonly<Record<string, number>> = {
  ...{ null: 0, unknown: 0, error: 1, default: 2, empty: 3, 'empty array': 3, 'empty object': 4, true: 5, false: 6 },
};
const WRAPPED = 1;
const WRAPPED_IF_SEVERAL = 2;
export const WITHOUT_QUOTES = 4;

/** Where nothing is said of it, both reactions are `otherwise`. */
export function clauseBytes(clauses: string, otherwise: 'null' | 'false'): Uint8Array {
  const words = clauses.split(', ');
  const reaction = (event: 'empty' | 'error'): number => {
    const ending = ` on ${event}`;
    return REACTIONS[words.find((word) => word.endsWith(ending))?.slice(0, -ending.length) ?? otherwise]!;
  };
  const wrapper = words.find((word) => word.endsWith('wrapper') && !word.startsWith('without'));
  const wrapping = wrapper === undefined ? 0 : wrapper.startsWith('conditional') ? WRAPPED_IF_SEVERAL : WRAPPED;
  const quoting = words.includes('omit quotes') ? WITHOUT_QUOTES : 0;
  return Uint8Array.of(reaction('empty'), reaction('error'), wrapping | quoting);
}
