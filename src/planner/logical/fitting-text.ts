import { BOOLEAN, INTEGER, type SqlType, TEXT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { callByName } from './call-by-name.js';
import { caseBranch } from './expression-tree.js';

/** The length of varchar(n) and char(n). */
export function lengthOfText(type: SqlType): number | undefined {
  return type.kind === 'varchar' || type.kind === 'char' ? type.length : undefined;
}

/** Is a text no longer than so many characters, but for spaces at its end? */
export function fitsText(text: Expression, length: number): Expression {
  return {
    kind: 'comparison',
    type: BOOLEAN,
    operator: '<=',
    left: callByName('char_length', [callByName('rtrim', [text])]),
    right: limitOf(length),
  };
}

const limitOf = (length: number): Expression => ({ kind: 'constant', type: INTEGER, value: length });

/** A text as varchar(n) or char(n); an error (22001) where it is too long, unless only spaces are beyond. */
export function fittingText(text: Expression, type: SqlType, length: number): Expression {
  const name: Expression = {
    kind: 'constant',
    type: TEXT,
    value: type.kind === 'char' ? 'character' : 'character varying',
  };
  return {
    kind: 'case',
    type,
    branches: [caseBranch(fitsText(text, length), { kind: 'cast', type, input: text })],
    otherwise: { kind: 'cast', type, input: callByName('reject_too_long', [text, limitOf(length), name]) },
  };
}
