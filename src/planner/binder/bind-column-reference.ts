import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { formatType } from '../../types/sql-type.js';
import type { CallExpression, Expression } from '../expression.js';
import { fieldOf } from './row-fields.js';
import { levelOfSpelling, nameOf, resolveColumn, resolveTable, type Scope } from './scope.js';
import { spelledName } from './spelling.js';
import { resolveColumnOrRow } from './whole-row.js';

/** `a.b.c`: a column of a table, or where there is no such table, fields of a column. */
export function bindColumnReference(ast: Ast.ColumnReference, scope: Scope): Expression {
  const { parts, position } = ast;
  for (let taken = 1; taken < parts.length; taken++) {
    const column = structColumn(scope, parts.slice(0, taken), position);
    if (!column) continue;
    let expression: Expression = column;
    for (const part of parts.slice(taken)) {
      if (expression.type.kind !== 'struct') {
        throw userError(
          '42809',
          `column notation .${part.name} applied to type ${formatType(expression.type)}, which is not a composite type`,
          { position: part.position },
        );
      }
      expression = fieldOf(expression, expression.type, part, part.position);
    }
    return expression;
  }
  return resolveColumnOrRow(scope, parts, position);
}

/** How the column or field is called that is meant; undefined where there is none. */
export function storedName(ast: Ast.ColumnReference, scope: Scope): string | undefined {
  const written = ast.parts.at(-1)!;
  // The usual case, at no cost.
  if (written.quoted || (ast.parts.length === 1 && !levelOfSpelling(scope, written))) return undefined;
  try {
    const meant = bindColumnReference(ast, scope);
    if (meant.kind === 'column') return nameOf(meant);
    return meant.kind === 'call' ? nameOfField(meant, written) : undefined;
  } catch {
    return undefined;
  }
}

function nameOfField({ args }: CallExpression, written: Ast.Identifier): string | undefined {
  const [row] = args;
  if (row?.type.kind !== 'struct') return undefined;
  return spelledName(
    row.type.fields.map(({ name }) => name),
    written,
    written.position,
  );
}

/** The column of these names, if it is there, is a struct, and no table has the name of the first. */
function structColumn(scope: Scope, parts: Ast.ColumnReference['parts'], position: number): Expression | undefined {
  try {
    if (parts.length === 1 && isTable(scope, parts, position)) return undefined;
    const column = resolveColumn(scope, parts, position);
    return column.type.kind === 'struct' ? column : undefined;
  } catch {
    return undefined;
  }
}

function isTable(scope: Scope, qualifier: Ast.ColumnReference['parts'], position: number): boolean {
  try {
    resolveTable(scope, qualifier, position);
    return true;
  } catch {
    return false;
  }
}
