import { userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import type * as Ast from '../../parser/ast/index.js';
import type { Expression } from '../expression.js';
import { spelledName } from './spelling.js';

/** What to sort by: an output column, or an expression over the query's input. */
export interface SortTarget {
  /** Index of an output column. */
  readonly output?: number | undefined;
  expression?: Expression | undefined;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  readonly position: number;
}

/**
 * ORDER BY: a name means an output column if there is one, an integer its position; anything else is an expression over
 * the input (`bindInput`; undefined where only output columns are allowed, as after UNION).
 */
export function bindSortTargets(
  orderBy: readonly Ast.OrderByItem[],
  entries: readonly { readonly name: string; readonly ast?: Ast.Expression | undefined }[],
  bindInput: ((ast: Ast.Expression) => Expression) | undefined,
  clause: string = 'ORDER BY',
): SortTarget[] {
  return orderBy.flatMap((item): SortTarget | SortTarget[] => {
    const descending = item.direction === 'desc';
    const nullsFirst = item.nulls === undefined ? descending : item.nulls === 'first';
    if (item.all) return entries.map((_, output) => ({ output, descending, nullsFirst, position: item.position }));
    const { position } = item.expression;
    const order = { descending, nullsFirst, position };
    const output = outputIndex(item.expression, entries, clause);
    if (output !== undefined) return { ...order, output };
    if (!bindInput) {
      const { expression } = item;
      if (expression.kind === 'columnReference' && expression.parts.length === 1) {
        const [written] = expression.parts;
        const { name } = written!;
        const names = entries.map((entry) => entry.name);
        const spelled = spelledName(names, written!, position, clause);
        if (spelled !== undefined) return { ...order, output: names.indexOf(spelled) };
        throw userError('42703', `column "${name}" does not exist`, {
          position,
          hint: nearestNameHint(name, names, `The columns of the result are ${names.join(', ')}.`),
        });
      }
      if (expression.kind === 'columnReference') {
        throw userError('42P01', `missing FROM-clause entry for table "${expression.parts.at(-2)!.name}"`, {
          position,
          hint: 'Only result column names can be used here.',
        });
      }
      throw userError('0A000', 'invalid UNION/INTERSECT/EXCEPT ORDER BY clause', {
        position,
        hint: 'Only result column names can be used, not expressions or functions; put the query in FROM and sort around it.',
      });
    }
    return { ...order, expression: bindInput(item.expression) };
  });
}

/** Which entry of a select list an integer means, from 0; other constants are errors, as in PostgreSQL. */
export function placeAmong(ast: Ast.Expression, entries: readonly unknown[], clause: string): number | undefined {
  const isNegative = ast.kind === 'unary' && ast.operator === '-';
  const literal = isNegative ? ast.operand : ast;
  if (literal.kind === 'numericLiteral' && /^\d+$/.test(literal.text)) {
    const place = Number(literal.text);
    if (!isNegative && place >= 1 && place <= entries.length) return place - 1;
    throw userError('42P10', `${clause} position ${isNegative ? '-' : ''}${literal.text} is not in select list`, {
      position: ast.position,
      hint: `Positions go from 1 to ${entries.length}.`,
    });
  }
  const isConstant =
    literal.kind === 'numericLiteral' || ['stringLiteral', 'booleanLiteral', 'nullLiteral'].includes(ast.kind);
  if (isConstant) throw userError('42601', `non-integer constant in ${clause}`, { position: ast.position });
  return undefined;
}

function outputIndex(
  ast: Ast.Expression,
  entries: readonly { readonly name: string; readonly ast?: Ast.Expression | undefined }[],
  clause: string,
): number | undefined {
  const place = placeAmong(ast, entries, clause);
  if (place !== undefined) return place;
  if (ast.kind !== 'columnReference' || ast.parts.length > 1) return undefined;
  const { name } = ast.parts[0]!;
  const matches = entries.flatMap((entry, i) => (entry.name === name ? [i] : []));
  const [first, second] = matches;
  if (second !== undefined && !sameColumn(entries[first!]!.ast, entries[second]!.ast)) {
    throw userError('42702', `${clause} "${name}" is ambiguous`, {
      position: ast.position,
      hint: 'Use the position of the column instead.',
    });
  }
  return first;
}

function sameColumn(left: Ast.Expression | undefined, right: Ast.Expression | undefined): boolean {
  if (left?.kind !== 'columnReference' || right?.kind !== 'columnReference') return false;
  return left.parts.map((part) => part.name).join('.') === right.parts.map((part) => part.name).join('.');
}
