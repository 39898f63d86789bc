import { isBuiltInFunction, setFunction } from '../../functions/registry.js';
import { findWindowFunction } from '../../functions/window/window-functions.js';
import type * as Ast from '../../parser/ast/index.js';

/** Calls that the binder knows by their names. */
const SPECIAL = new Set(
  'coalesce nullif greatest least grouping grouping_id extract row struct map array merge_action read_parquet read_csv read_json generate_series unnest'.split(
    ' ',
  ),
);

/** The name under which the catalog has the function in SQL that a call may mean; undefined for those that are built in. */
export function sqlFunctionName({ name }: Ast.FunctionCall): Ast.QualifiedName | undefined {
  const last = name.parts.at(-1)!;
  if (name.parts.length > 2 || name.parts[0]!.name === 'pg_catalog') return undefined;
  if (isBuiltInFunction(last.name) || SPECIAL.has(last.name)) return undefined;
  if (setFunction(last.name) || findWindowFunction(last.name)) return undefined;
  return { ...name, parts: [...name.parts.slice(0, -1), { ...last, name: `${last.name}()` }] };
}
