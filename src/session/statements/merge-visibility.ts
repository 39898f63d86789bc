import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/index.js';
import { findNode } from '../../parser/index.js';

const REASONS: Readonly<Record<'not matched' | 'not matched by source', string>> = {
  'not matched': 'The rows of this clause are not in the table: use the columns of the source.',
  'not matched by source': 'The rows of this clause are not in the source: use the columns of the table.',
};

/** Fails (42P01) where a clause names the side that its rows are not in, whose columns would all be NULL. */
export function assertVisible({ clauses }: Ast.MergeStatement, target: string, sources: readonly string[]): void {
  for (const clause of clauses) {
    if (clause.when === 'matched') continue;
    const hidden = clause.when === 'not matched' ? [target] : sources;
    const found = findNode(
      [clause.condition, clause.action],
      (node) => node.kind === 'columnReference' && node.parts.length > 1 && hidden.includes(node.parts.at(-2)!.name),
      // A subquery may have given the name to something of its own.
      ({ kind }) => kind === 'query',
    ) as Ast.ColumnReference | undefined;
    if (found === undefined) continue;
    const { name } = found.parts.at(-2)!;
    throw userError('42P01', `invalid reference to FROM-clause entry for table "${name}"`, {
      position: found.position,
      detail: `There is an entry for table "${name}", but it cannot be referenced from this part of the query.`,
      hint: REASONS[clause.when],
    });
  }
}
