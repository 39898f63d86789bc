import { userError } from '../../common/errors.js';
import type { Identifier } from '../../parser/ast/index.js';

type Written = Pick<Identifier, 'name' | 'quoted'>;

/** Is a name without quotes, which the parser has in lower case, another spelling of a name with capitals? */
export function isSpelling(written: Written, name: string): boolean {
  return !written.quoted && name !== written.name && name.toLowerCase() === written.name;
}

/**
 * The name that is meant among those that there are: the very same, or else, for a name without quotes, the one that
 * differs from it by capitals only. Files of other engines have such names, and their users write them without quotes; in
 * PostgreSQL these are errors. Undefined where there is none, 42702 where there are several.
 */
export function spelledName(
  names: readonly string[],
  written: Written,
  position: number,
  what: string = 'column reference',
): string | undefined {
  if (names.includes(written.name)) return written.name;
  const [found, other] = new Set(names.filter((name) => isSpelling(written, name)));
  if (other === undefined) return found;
  throw userError('42702', `${what} "${written.name}" is ambiguous`, {
    position,
    hint: `Write "${found}" or "${other}", with the quotes.`,
  });
}
