import { userError } from '../../../common/errors.js';
import { BOOLEAN, BYTEA, INTEGER, type SqlType, type SqlTypeKind } from '../../../types/sql-type.js';
import type { ScalarOverloadDeclaration, VectorCreate } from '../../function-types.js';
import { like } from './like-matching.js';

/*
 * The overloads for bytea of what is declared for text.
 */

const kernel = (
  name: string,
  args: readonly SqlTypeKind[],
  returns: SqlType,
  options: { readonly block?: boolean; readonly parameters?: readonly number[] } = {},
): ScalarOverloadDeclaration => ({
  args,
  returns,
  fallible: options.block === true,
  implementation: { kind: 'kernel', kernel: name, ...options },
});

export const bytesSubstring: readonly ScalarOverloadDeclaration[] = [
  kernel('bytesSubstringFrom', ['bytea', 'integer'], BYTEA),
  kernel('bytesSubstring', ['bytea', 'integer', 'integer'], BYTEA, { block: true }),
];

export const bytesPosition: ScalarOverloadDeclaration = kernel('bytesPosition', ['bytea', 'bytea'], INTEGER);

const trim = (ends: number): ScalarOverloadDeclaration =>
  kernel('bytesTrim', ['bytea', 'bytea'], BYTEA, { parameters: [ends] });
export const bytesTrimStart: ScalarOverloadDeclaration = trim(1);
export const bytesTrimEnd: ScalarOverloadDeclaration = trim(2);
export const bytesTrimBoth: ScalarOverloadDeclaration = trim(3);

export const bytesReverse: ScalarOverloadDeclaration = {
  args: ['bytea'],
  returns: BYTEA,
  implementation: {
    kind: 'kernel',
    kernel: 'bytesReverse',
    block: true,
    fallback: () => (args) => (args[0] as Uint8Array).slice().reverse(),
  },
};

/** Characters are bytes. */
const likeOfBytes: VectorCreate = (types, returns) => {
  const matches = like(false)(types, returns);
  const textOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return (args) => matches(args.map((bytes) => textOf(bytes as Uint8Array)));
};
export const bytesLike: readonly ScalarOverloadDeclaration[] = ['bytesLike', 'bytesLikeEscape'].map((name, i) => ({
  args: (['bytea', 'bytea', 'bytea'] as const).slice(0, 2 + i),
  returns: BOOLEAN,
  fallible: true,
  implementation: { kind: 'kernel', kernel: name, block: true, fallback: likeOfBytes },
}));

/** `length(bytes, encoding)`: of the text that they are. */
export const encodedLength: ScalarOverloadDeclaration = {
  args: ['bytea', 'text'],
  returns: INTEGER,
  fallible: true,
  strict: false,
  implementation: { kind: 'spelled', sql: 'length(convert_from($1, $2))' },
};

/** Where what overlay leaves begins, counted from 0. */
export function endOfOverlaid(start: number, count: number): number {
  if (start <= 0) throw userError('22011', 'negative substring length not allowed');
  if (start + count > 0x7fff_ffff) throw userError('22003', 'integer out of range');
  return Math.max(0, start - 1 + count);
}

/** PostgreSQL's own spelling, with its errors: what is cut out may begin anywhere, but not before the first byte. */
export const bytesOverlay: readonly ScalarOverloadDeclaration[] = [3, 4].map((count) => ({
  args: (['bytea', 'bytea', 'integer', 'integer'] as const).slice(0, count),
  returns: BYTEA,
  fallible: true,
  strict: false,
  implementation: {
    kind: 'spelled',
    sql: `substring($1, 1, $3 - 1) || $2 || substring($1, $3 + ${count === 4 ? '$4' : 'length($2)'})`,
  },
}));
