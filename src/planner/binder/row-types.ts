import type * as Ast from '../../parser/ast/index.js';
import type { SqlType } from '../../types/sql-type.js';
import { type BindContext, relationKey } from './bind-context.js';

/** A table's name is the name of a type: that of its rows. */
export function rowTypeOfTable(name: Ast.QualifiedName, { relations }: BindContext): SqlType | undefined {
  const found = relations.get(relationKey(name.parts));
  if (found === undefined || found.kind === 'view') return undefined;
  return { kind: 'struct', fields: found.columns.map((column) => ({ name: column.name, type: column.type })) };
}
