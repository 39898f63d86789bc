import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';

/** Where a query of WITH RECURSIVE may not name itself: what PostgreSQL says of it. */
type Place = 'an outer join' | 'a subquery' | 'INTERSECT' | 'EXCEPT';

interface SelfReference {
  readonly position: number;
  readonly place: Place | undefined;
}

/** Every table of that name in a part of a query, but for those to which a WITH inside gives another meaning. */
export function selfReferences(part: unknown, name: string): readonly SelfReference[] {
  const found: SelfReference[] = [];
  visit(part, undefined, name, found);
  return found;
}

/** 42P19 where the recursive term names its query twice, or where it cannot. */
export function checkRecursiveTerm(references: readonly SelfReference[], name: string): void {
  for (const { place, position } of references) {
    if (place === undefined) continue;
    const message = `recursive reference to query "${name}" must not appear within ${place}`;
    throw userError('42P19', message, { position, hint: 'Join with it in FROM instead.' });
  }
  const second = references[1];
  if (second === undefined) return;
  throw userError('42P19', `recursive reference to query "${name}" must not appear more than once`, {
    position: second.position,
    hint: 'Join with another table, or carry what is needed in more columns.',
  });
}

/** More rows on one side may be fewer in all, where equal ones are counted. */
const COUNTED: Readonly<Record<Ast.SetOperation['operator'], Place | undefined>> = {
  union: undefined,
  intersect: 'INTERSECT',
  except: 'EXCEPT',
};

const SUBQUERIES: ReadonlySet<unknown> = new Set<Ast.Expression['kind']>([
  'scalarSubquery',
  'exists',
  'inSubquery',
  'quantifiedSubquery',
  'arraySubquery',
]);

function visit(value: unknown, place: Place | undefined, name: string, found: SelfReference[]): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, place, name, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as { readonly kind?: unknown };
  const inside = SUBQUERIES.has(node.kind) ? 'a subquery' : place;
  switch (node.kind) {
    case 'table': {
      const { parts, position } = (value as Ast.TableRelation).name;
      if (parts.length === 1 && parts[0]!.name === name) found.push({ position, place });
      return;
    }
    case 'join': {
      const { left, right, type, condition } = value as Ast.JoinRelation;
      visit(left, type === 'right' || type === 'full' ? 'an outer join' : inside, name, found);
      visit(right, type === 'left' || type === 'full' ? 'an outer join' : inside, name, found);
      visit(condition, inside, name, found);
      return;
    }
    case 'setOperation': {
      const { left, right, operator, all } = value as Ast.SetOperation;
      const counted = all ? COUNTED[operator] : undefined;
      visit(left, counted ?? inside, name, found);
      visit(right, counted ?? (operator === 'except' ? 'EXCEPT' : inside), name, found);
      return;
    }
    case 'query': {
      const clause = (value as Ast.Query).with;
      const hiding = clause?.tables.findIndex((table) => table.name.name === name) ?? -1;
      if (hiding < 0) break;
      // Without RECURSIVE, the name holds its old meaning up to the query that gives it another one.
      if (!clause!.recursive) visit(clause!.tables.slice(0, hiding + 1), inside, name, found);
      return;
    }
  }
  for (const member of Object.values(value)) if (typeof member === 'object') visit(member, inside, name, found);
}
