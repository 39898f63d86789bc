import type * as Ast from '../../parser/ast/index.js';
import { createBuiltInCall } from '../../parser/grammar/function-parser.js';
import { unsupported } from './bind-context.js';

/** %% and %s, of the next argument or of that at a place; or what is none of them. */
const PART = /%(?:%|(?:(\d+)\$)?(s))|[^%]+/gy;

/**
 * format() of a literal that has no more in it than %s is a concatenation, which is compiled. Undefined for any
 * other: one that is wrong, among them, says so itself.
 */
export function concatenated(call: Ast.FunctionCall): Ast.Expression | undefined {
  const [template, ...values] = call.args.map(({ value }) => value);
  const isCall = !call.distinct && call.orderBy.length === 0 && !call.filter && !call.over;
  const isPlain = isCall && call.args.every(({ name, variadic }) => !name && !variadic);
  if (!isPlain || template?.kind !== 'stringLiteral') return undefined;
  const { position } = call;
  const pieces = [...template.value.matchAll(PART)];
  if (pieces.map(([piece]) => piece).join('') !== template.value) return undefined;
  let place = 0;
  const taken = new Set<number>();
  const parts = pieces.map(([piece, written, isArgument]): Ast.Expression | undefined => {
    if (isArgument === undefined) return { ...template, value: piece === '%%' ? '%' : piece };
    place = written === undefined ? place + 1 : Number(written);
    const value = values[place - 1];
    // What is asked for twice would be computed twice.
    if (value === undefined || taken.has(place)) return undefined;
    taken.add(place);
    return value;
  });
  const present = parts.filter((part) => part !== undefined);
  if (present.length < parts.length || taken.size < values.length) return undefined;
  return createBuiltInCall('concat', present.length > 0 ? present : [template], position);
}

/** A template of C is one of format() if it has no more than %s and %d. */
export function printed(call: Ast.FunctionCall): Ast.Expression {
  const [template, ...values] = call.args.map(({ value }) => value);
  const { position } = call;
  const isSimple = template?.kind === 'stringLiteral' && /^(?:[^%]|%%|%(?:\d+\$)?[sd])*$/.test(template.value);
  if (!isSimple) {
    throw unsupported(
      'a template with more than %s and %d',
      template?.position ?? position,
      'Use format, to_char and lpad.',
    );
  }
  const value = template.value.replaceAll(/(%%)|(%(?:\d+\$)?)d/g, (all, percent, start) =>
    percent ? all : `${start}s`,
  );
  const format = createBuiltInCall('format', [{ ...template, value }, ...values], position);
  return concatenated(format) ?? format;
}
