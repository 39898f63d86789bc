import type { JsonWrapping } from '../../functions/function-types.js';
import { INTEGER, type SqlType, TEXT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { callByName } from '../logical/call-by-name.js';
import { caseBranch, isNullOf, textConstant } from '../logical/expression-tree.js';
import { concatenation } from './aggregate-arguments.js';
import type { BindSettings } from './bind-context.js';
import { jsonInZone } from './session-zone.js';

const SEPARATOR = ', ';

/**
 * What json_agg and json_object_agg join: the text of an element or an entry, and what goes between them. Where NULLs are
 * left out, each text begins with the separator, and that of a NULL is empty: an array of NULLs alone is empty, not NULL.
 */
export function jsonTexts(
  settings: BindSettings,
  wrapping: JsonWrapping,
  given: readonly Expression[],
  returns: SqlType,
): readonly Expression[] {
  const values = given.map((value) => jsonInZone(settings, value));
  const value = values.at(-1)!;
  const written = wrapping.of === 'elements' ? textOfValue(value) : textOfEntry(values, returns);
  if (wrapping.strict) {
    const text = concatenation(textConstant(SEPARATOR), written);
    const empty = textConstant('');
    return [{ kind: 'case', type: TEXT, branches: [caseBranch(isNullOf(value), empty)], otherwise: text }, empty];
  }
  if (wrapping.of === 'entries') return [written, textConstant(SEPARATOR)];
  const operands = [written, textConstant('null')];
  const isBroken = value.type.kind === 'array' || value.type.kind === 'struct';
  return [{ kind: 'coalesce', type: TEXT, operands }, textConstant(isBroken ? ', \n ' : SEPARATOR)];
}

const textOfValue = (value: Expression): Expression => ({
  kind: 'cast',
  type: TEXT,
  input: callByName('to_json', [value]),
});

const textOfEntry = (values: readonly Expression[], returns: SqlType): Expression =>
  callByName(`${returns.kind}_entry`, values);

/** What the texts are when they have been joined. */
export function jsonOfTexts(wrapping: JsonWrapping, joined: Expression, type: SqlType): Expression {
  const isObject = wrapping.of === 'entries';
  const [open, close] = !isObject ? ['[', ']'] : type.kind === 'json' ? ['{ ', ' }'] : ['{', '}'];
  const start: Expression = { kind: 'constant', type: INTEGER, value: SEPARATOR.length + 1 };
  const inner = wrapping.strict ? callByName('substr', [joined, start]) : joined;
  const text = concatenation(concatenation(textConstant(open!), inner), textConstant(close!));
  const checked = wrapping.unique ? callByName(`${type.kind}_with_unique_keys`, [text]) : text;
  return { kind: 'cast', type, input: checked };
}
