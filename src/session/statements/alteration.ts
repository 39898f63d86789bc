import type { CheckDefinition, ColumnDefinition, KeyDefinition } from '../../catalog/table-definition.js';
import { type MillraceError, userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import type { Identifier, Expression as Syntax } from '../../parser/index.js';

/** A column on its way: what it is to be, and what of the table as it is it is made of. */
export interface AlteredColumn {
  readonly definition: ColumnDefinition;
  readonly source: Syntax;
  /** `source` is numbers that are to be reserved. */
  readonly numbersRows?: boolean;
}

export interface Alteration {
  /** Name of the table, for messages. */
  readonly table: string;
  readonly columns: readonly AlteredColumn[];
  readonly checks: readonly CheckDefinition[];
  readonly primaryKey: KeyDefinition | undefined;
  /** The files that are there do not hold what the columns are to be. */
  readonly rewrites: boolean;
}

export function definitionsOf(columns: readonly AlteredColumn[]): readonly ColumnDefinition[] {
  return columns.map(({ definition }) => definition);
}

export function columnReference(name: string): Syntax {
  return { kind: 'columnReference', position: 0, parts: [{ kind: 'identifier', name, quoted: true, position: 0 }] };
}

export function indexOf(table: string, columns: readonly AlteredColumn[], column: Identifier): number {
  const index = columns.findIndex(({ definition }) => definition.name === column.name);
  if (index >= 0) return index;
  throw missingColumnError(columns, column, `column "${column.name}" of relation "${table}" does not exist`);
}

export function missingColumnError(
  columns: readonly AlteredColumn[],
  { name, position }: Identifier,
  message: string,
): MillraceError {
  const names = columns.map(({ definition }) => definition.name);
  return userError('42703', message, {
    position,
    hint: nearestNameHint(name, names, `The columns are ${names.join(', ')}.`),
  });
}

export function assertIsNew(table: string, columns: readonly AlteredColumn[], { name, position }: Identifier): void {
  if (!columns.some(({ definition }) => definition.name === name)) return;
  throw userError('42701', `column "${name}" of relation "${table}" already exists`, {
    position,
    hint: 'Choose another name.',
  });
}
