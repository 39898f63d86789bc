import { notSupportedError, userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { clonePlan } from '../logical/clone-plan.js';
import type { BindContext, BoundQuery } from './bind-context.js';
import { bindRecursiveQuery } from './bind-recursive-query.js';
import { type BoundRelation, type CommonTable, EMPTY_NAMESPACE, renamedColumns, type Scope } from './scope.js';
import { selfReferences } from './self-references.js';
import { isComputedOnce, sharedTable } from './shared-common-table.js';

/** Statements that write are taken out of the WITH of a whole statement before it is bound. */
export function assertNoModification({ modifications }: Ast.WithClause): void {
  const [first] = modifications;
  if (first === undefined) return;
  throw notSupportedError('WITH clause containing a data-modifying statement must be at the top level', {
    position: first.position,
    hint: 'Write it before the whole statement; it cannot be explained, nor be part of a view, a cursor or CREATE TABLE … AS.',
  });
}

/** WITH: each is bound once; a second reference gets a copy with columns of its own. */
export function withCommonTables(clause: Ast.WithClause, outer: Scope, context: BindContext): Scope {
  assertNoModification(clause);
  const commonTables = new Map(outer.commonTables);
  const scope: Scope = { namespace: EMPTY_NAMESPACE, parent: outer, commonTables };
  const own = new Set<string>();
  for (const { name, position } of clause.tables) {
    if (own.has(name.name)) {
      throw userError('42712', `WITH query name "${name.name}" specified more than once`, { position });
    }
    own.add(name.name);
  }
  if (clause.recursive) bindInAnyOrder(clause, scope, commonTables, context);
  else {
    const laterTables = new Set(own);
    for (const table of clause.tables) {
      const before = { ...scope, commonTables: new Map(commonTables), laterTables: new Set(laterTables) };
      laterTables.delete(table.name.name);
      commonTables.set(table.name.name, commonTable(table, context.bindQuery(table.query, before), context));
    }
  }
  return scope;
}

/** WITH RECURSIVE: a query may name those after it, and itself. */
function bindInAnyOrder(
  clause: Ast.WithClause,
  scope: Scope,
  commonTables: Map<string, CommonTable>,
  context: BindContext,
): void {
  const open: string[] = [];
  const bindAs = new Map<string, () => CommonTable>();
  for (const table of clause.tables) {
    const { name } = table.name;
    let bound: CommonTable | undefined;
    bindAs.set(name, () => {
      if (bound) return bound;
      if (open.includes(name)) {
        throw notSupportedError('mutual recursion between WITH items is not implemented', {
          position: table.position,
          hint: 'Make one recursive query of them.',
        });
      }
      open.push(name);
      bound = commonTable(table, bindTable(table, scope, context), context);
      open.pop();
      return bound;
    });
    commonTables.set(name, { name, bind: () => bindAs.get(name)!().bind() });
  }
  for (const bind of bindAs.values()) bind();
}

function bindTable(table: Ast.CommonTableExpression, scope: Scope, context: BindContext): BoundQuery {
  const isRecursive = selfReferences(table.query, table.name.name).length > 0;
  return isRecursive ? bindRecursiveQuery(table, scope, context) : context.bindQuery(table.query, scope);
}

function commonTable(table: Ast.CommonTableExpression, bound: BoundQuery, context: BindContext): CommonTable {
  const { name } = table.name;
  const columns = renamedColumns(table, bound);
  if (isComputedOnce(table, bound.plan)) return sharedTable(name, bound.plan, columns, context.ids);
  let used = false;
  return {
    name,
    bind(): BoundRelation {
      if (!used) {
        used = true;
        return { plan: bound.plan, columns };
      }
      const clone = clonePlan(bound.plan, context.ids);
      const renamed = columns.map((column) => ({ ...column, column: clone.columns.get(column.column.id)! }));
      return { plan: clone.plan, columns: renamed };
    },
  };
}
