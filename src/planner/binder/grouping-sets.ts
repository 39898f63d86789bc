import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { unsupported } from './bind-context.js';

/** Indexes of group keys. */
export type GroupingSet = readonly number[];

/** As PostgreSQL. */
const MAX_SETS = 4096;
const MAX_CUBE_ELEMENTS = 12;

/**
 * The grouping sets of a GROUP BY: each of its elements stands for one or more, and all combinations are taken.
 * `keysOf` gives the keys of an element that is a list of expressions.
 */
export function groupingSets(
  clause: Ast.GroupByClause,
  keysOf: (element: Ast.GroupingExpression) => GroupingSet,
): readonly GroupingSet[] {
  let sets: readonly GroupingSet[] = [[]];
  for (const element of clause.elements) {
    const more = setsOf(element, keysOf);
    if (sets.length * more.length > MAX_SETS) throw tooMany(element.position);
    sets = sets.flatMap((set) => more.map((other) => united([set, other])));
  }
  return clause.distinct ? withoutRepetitions(sets) : sets;
}

function setsOf(
  element: Ast.GroupingElement,
  keysOf: (element: Ast.GroupingExpression) => GroupingSet,
): readonly GroupingSet[] {
  if (element.kind === 'groupingExpression') return [keysOf(element)];
  if (element.grouping === 'sets') {
    const sets = element.elements.flatMap((part) => setsOf(part, keysOf));
    if (sets.length > MAX_SETS) throw tooMany(element.position);
    return sets;
  }
  const units = element.elements.map((part) => {
    if (part.kind === 'groupingExpression') return keysOf(part);
    throw unsupported(`${part.grouping} within ${element.grouping}`, part.position, 'Nest them in GROUPING SETS (…).');
  });
  if (element.grouping === 'rollup') {
    return Array.from({ length: units.length + 1 }, (_, i) => united(units.slice(0, units.length - i)));
  }
  if (units.length > MAX_CUBE_ELEMENTS) {
    throw userError('54011', `CUBE is limited to ${MAX_CUBE_ELEMENTS} elements`, { position: element.position });
  }
  const all = 2 ** units.length - 1;
  return Array.from({ length: all + 1 }, (_, missing) => united(units.filter((_unit, i) => !((missing >> i) & 1))));
}

function united(sets: readonly GroupingSet[]): GroupingSet {
  return [...new Set(sets.flat())].sort((a, b) => a - b);
}

function withoutRepetitions(sets: readonly GroupingSet[]): readonly GroupingSet[] {
  return [...new Map(sets.map((set) => [set.join(), set])).values()];
}

function tooMany(position: number): Error {
  return userError('54001', `too many grouping sets present (maximum ${MAX_SETS})`, { position });
}
