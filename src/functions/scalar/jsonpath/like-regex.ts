import { userError } from '../../../common/errors.js';
import { compileRegex } from '../../regex/compile-regex.js';

/** A pattern with XQuery's flags, in PostgreSQL's regular expressions: there a point matches new lines, unlike in XQuery. */
export function compileLikeRegex(pattern: string, flags: string): ReturnType<typeof compileRegex> {
  const unknown = [...flags].find((letter) => !'ismxq'.includes(letter));
  if (unknown !== undefined) {
    throw userError('42601', 'invalid input syntax for type jsonpath', {
      detail: `Unrecognized flag character "${unknown}" in LIKE_REGEX predicate.`,
    });
  }
  const has = (letter: string): boolean => flags.includes(letter);
  if (has('x') && !has('q')) {
    throw userError('0A000', 'XQuery "x" flag (expanded regular expressions) is not implemented', {
      hint: 'Leave the flag and the spaces out.',
    });
  }
  const lines = has('q') ? 'q' : has('s') ? (has('m') ? 'w' : 's') : has('m') ? 'n' : 'p';
  return compileRegex({ pattern, flags: `${has('i') ? 'i' : ''}${lines}`, similarEscape: undefined });
}
