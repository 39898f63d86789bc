import { userError } from '../../common/errors.js';
import { nearestName } from '../../common/nearest-name.js';
import type { Identifier } from '../../parser/ast/index.js';
import type { BindContext } from './bind-context.js';
import type { Scope } from './scope.js';

const SYSTEM_SCHEMAS: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema']);
const SYSTEM_CATALOG_HINT =
  'The system catalogs are not built yet: SHOW TABLES lists tables and views, DESCRIBE a table lists its columns.';

/** 42P01, with what may have been meant: a name of a WITH in scope, or of the lake. */
export function unknownRelationError(
  parts: readonly Identifier[],
  position: number,
  scope: Scope,
  { relationNames }: BindContext,
): Error {
  const name = parts.at(-1)!.name;
  const message = `relation "${parts.map((part) => part.name).join('.')}" does not exist`;
  if (parts.length === 1 && isLaterTable(scope, name)) {
    const detail = `There is a WITH item named "${name}", but it cannot be referenced from this part of the query.`;
    const hint = 'Use WITH RECURSIVE, or re-order the WITH items to remove forward references.';
    return userError('42P01', message, { position, detail, hint });
  }
  // What qualifies a name rules out the names of WITH; of two equally near, those are nearer to who writes.
  const candidates = parts.length === 1 ? [...scope.commonTables.keys(), ...relationNames] : relationNames;
  const nearest = nearestName(name, candidates);
  const hint = nearest ? `Perhaps you meant "${nearest}".` : 'SHOW TABLES lists the tables and views of the lake.';
  return userError('42P01', message, {
    position,
    hint: SYSTEM_SCHEMAS.has(parts[0]!.name) ? SYSTEM_CATALOG_HINT : hint,
  });
}

function isLaterTable(scope: Scope, name: string): boolean {
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    if (level.laterTables?.has(name)) return true;
  }
  return false;
}
