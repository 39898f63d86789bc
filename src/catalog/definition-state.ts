import { corruptError } from '../common/errors.js';
import type { TableDefinition, ViewDefinition } from './table-definition.js';

/** What the head of a table or view holds for the catalog; null for neither: never created, or dropped. */
export type DefinitionState =
  | { readonly kind: 'table'; readonly definition: TableDefinition }
  | { readonly kind: 'view'; readonly definition: ViewDefinition }
  | null;

export function toDefinitionState(value: unknown, name: string): DefinitionState {
  if (value === null || value === undefined) return null;
  const state = value as Exclude<DefinitionState, null>;
  if (state.kind === 'table' && Array.isArray(state.definition?.columns)) return state;
  if (state.kind === 'view' && typeof state.definition?.sql === 'string') return state;
  throw corruptError(`the definition of "${name}" is damaged`, { hint: 'Restore _millrace/tables from a backup.' });
}
