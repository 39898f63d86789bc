import { TRY_CAST } from '../../functions/casts/try-cast.js';
import { scalarOverload } from '../../functions/registry.js';
import type { CallExpression, CastExpression, ConstantExpression, Expression } from '../../planner/expression.js';
import { caseBranch } from '../../planner/logical/expression-tree.js';
import { BOOLEAN, isNestedType, physicalTypeOf, TEXT } from '../../types/sql-type.js';
import { byWayOfFields } from './by-way-of-fields.js';
import { byWayOfParts, withPlaces } from './by-way-of-parts.js';
import { byWayOfPath } from './by-way-of-path.js';
import { byWayOfZone } from './by-way-of-zone.js';
import { tryByWayOfParts } from './try-by-way-of-parts.js';

/** Expressions that are compiled as others: casts of nested values; concat and casts to texts of some length, by way of text. */
export function byWayOfText(expression: Expression): Expression {
  if (expression.kind === 'cast') {
    return isNestedType(expression.type) ? byWayOfZone(expression, byWayOfParts(expression)) : cutFromText(expression);
  }
  return expression.kind === 'call' ? byWayOfZone(expression, callByWayOfText(expression)) : expression;
}

function callByWayOfText(expression: CallExpression): Expression {
  if (expression.overload === 'posexplode(array)') return withPlaces(expression);
  if (expression.overload === TRY_CAST && isNestedType(expression.type))
    return tryByWayOfParts(expression, expression.type);
  const { implementation } = scalarOverload(expression.overload);
  if (implementation.kind === 'ofTypes') {
    const value = implementation.value(expression.args.map(({ type }) => type));
    return { kind: 'constant', type: expression.type, value };
  }
  const takesTexts = implementation.kind === 'concat' || (implementation.kind === 'memory' && implementation.ofTexts);
  if (takesTexts) return { ...expression, args: expression.args.map(printed) };
  return byWayOfPath(expression) ?? byWayOfFields(expression);
}

function cutFromText(expression: CastExpression): Expression {
  const { type, input } = expression;
  const isCut = (type.kind === 'varchar' || type.kind === 'char') && type.length !== undefined;
  if (!isCut || isText(input)) return expression;
  return { ...expression, input: { kind: 'cast', type: TEXT, input } };
}

/** As output functions write it: booleans are t and f, and char(n) keeps its padding. */
function printed(expression: Expression): Expression {
  if (isText(expression)) return expression;
  if (expression.type.kind !== 'boolean') return { kind: 'cast', type: TEXT, input: expression };
  const text = (value: string | null): ConstantExpression => ({ kind: 'constant', type: TEXT, value });
  return {
    kind: 'case',
    type: TEXT,
    branches: [
      caseBranch(expression, text('t')),
      caseBranch({ kind: 'isNull', type: BOOLEAN, input: expression, negated: false }, text(null)),
    ],
    otherwise: text('f'),
  };
}

/** Texts and JSON, whose bytes are their text. */
const isText = ({ type }: Expression): boolean =>
  physicalTypeOf(type) === 'string' && type.kind !== 'bytea' && !isNestedType(type);
