import { notSupportedError, userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { plainQuery } from '../../parser/index.js';
import { commonType } from '../../types/coercion.js';
import { decimal, formatType, type SqlType, sameType } from '../../types/sql-type.js';
import type { LogicalColumn, LogicalNode } from '../logical/logical-plan.js';
import { atPosition, type BindContext, type BoundQuery } from './bind-context.js';
import { coerceColumns } from './coerce-columns.js';
import { outputPosition } from './output-position.js';
import { EMPTY_NAMESPACE, renamedColumns, type Scope } from './scope.js';
import { checkRecursiveTerm, selfReferences } from './self-references.js';

/** `WITH RECURSIVE t AS (anchor UNION [ALL] step)`, where the step names t: the rows of the last round. */
export function bindRecursiveQuery(table: Ast.CommonTableExpression, outer: Scope, context: BindContext): BoundQuery {
  const { name } = table.name;
  const { query } = table;
  const { body } = query;
  if (body.kind !== 'setOperation' || body.operator !== 'union') {
    const message = `recursive query "${name}" does not have the form non-recursive-term UNION [ALL] recursive-term`;
    throw userError('42P19', message, { position: selfReferences(query, name)[0]!.position });
  }
  rejectClauses(query);
  const [inAnchor] = selfReferences(body.left, name);
  if (inAnchor) {
    const message = `recursive reference to query "${name}" must not appear within its non-recursive term`;
    throw userError('42P19', message, { position: inAnchor.position });
  }
  checkRecursiveTerm(selfReferences(body.right, name), name);
  const scope = query.with ? context.withCommonTables(query.with, outer) : outer;
  const anchor = context.bindQuery(plainQuery(body.left), scope);
  return new RecursiveBinder(table, body, anchor, scope, context).bind();
}

/** What PostgreSQL has not either. */
function rejectClauses({ orderBy, limit, offset }: Ast.Query): void {
  const [clause, position] = orderBy[0]
    ? ['ORDER BY', orderBy[0].position]
    : limit
      ? ['LIMIT', limit.position]
      : ['OFFSET', offset?.position];
  if (position === undefined) return;
  throw notSupportedError(`${clause} in a recursive query is not implemented`, {
    position,
    hint: 'Write it in the query that reads the recursive one.',
  });
}

/** The scales of decimals are ours. */
const nameOf = (type: SqlType): string => (type.kind === 'decimal' ? 'numeric' : formatType(type));

/** Bindings of the step until the types of its columns are those of the anchor. */
const MAX_ATTEMPTS = 3;

class RecursiveBinder {
  private readonly table: Ast.CommonTableExpression;
  private readonly body: Ast.SetOperation;
  private readonly anchor: BoundQuery;
  private readonly scope: Scope;
  private readonly context: BindContext;
  private readonly number: number;

  constructor(
    table: Ast.CommonTableExpression,
    body: Ast.SetOperation,
    anchor: BoundQuery,
    scope: Scope,
    context: BindContext,
  ) {
    this.table = table;
    this.body = body;
    this.anchor = anchor;
    this.scope = scope;
    this.context = context;
    this.number = context.ids.create();
  }

  bind(): BoundQuery {
    let types = this.anchor.columns.map(({ column }) => column.type);
    for (let attempt = 1; ; attempt++) {
      const step = this.bindStep(types);
      const wanted = this.wantedTypes(types, step, attempt);
      if (wanted.every((type, i) => sameType(type, types[i]!))) return this.combined(types, step);
      types = wanted;
    }
  }

  private bindStep(types: readonly SqlType[]): BoundQuery {
    const { context, table, scope } = this;
    const names = renamedColumns(table, this.anchor);
    const self = {
      name: table.name.name,
      bind: () => {
        const columns = names.map(({ name }, i) => context.ids.column(name, types[i]!, true));
        const plan: LogicalNode = { kind: 'workingTable', number: this.number, columns, positions: [...types.keys()] };
        return { plan, columns: columns.map((column) => ({ name: column.name, column })), isWorkingTable: true };
      },
    };
    const commonTables = new Map([...scope.commonTables, [self.name, self]]);
    const inside: Scope = { namespace: EMPTY_NAMESPACE, parent: scope.parent, commonTables };
    const step = context.bindQuery(plainQuery(this.stepBody), inside, true);
    if (step.columns.length !== types.length) {
      throw userError('42601', 'each UNION query must have the same number of columns', {
        position: this.body.right.position,
        hint: `The first has ${types.length}, the second ${step.columns.length}.`,
      });
    }
    return step;
  }

  /** Without a DISTINCT under a UNION, which leaves out equal rows of a round as well. */
  private get stepBody(): Ast.QueryBody {
    const { right, all } = this.body;
    return !all && right.kind === 'select' && right.distinct?.on.length === 0
      ? { ...right, distinct: undefined }
      : right;
  }

  /**
   * The types that the anchor should have for the step's columns to fit them. Decimals grow: precision to the most
   * there is, and the scale once; as it is static here, a scale that grows with every round is an error.
   */
  private wantedTypes(types: readonly SqlType[], step: BoundQuery, attempt: number): SqlType[] {
    return types.map((type, i) => {
      const own = step.columns[i]!.column.type;
      const overall = atPosition(this.body.right.position, () => commonType([type, own], 'UNION'));
      if (sameType(overall, type)) return type;
      if (type.kind === 'decimal' && overall.kind === 'decimal') {
        if (overall.scale === type.scale || attempt < MAX_ATTEMPTS) return decimal(38, overall.scale);
      }
      const name = this.table.name.name;
      const message = `recursive query "${name}" column ${i + 1} has type ${nameOf(type)} in non-recursive term but type ${nameOf(overall)} overall`;
      throw userError('42804', message, {
        position: this.body.left.position,
        hint: 'Cast the output of the non-recursive term to the correct type.',
      });
    });
  }

  private combined(types: readonly SqlType[], bound: BoundQuery): BoundQuery {
    const { context, body } = this;
    const anchor = coerceColumns(this.anchor, types, context, (i) => outputPosition(body.left, i));
    const step = coerceColumns(bound, types, context, (i) => outputPosition(body.right, i));
    const columns: LogicalColumn[] = anchor.columns.map(({ name }, i) => context.ids.column(name, types[i]!, true));
    const plan: LogicalNode = {
      kind: 'recursive',
      number: this.number,
      anchor: anchor.plan,
      step: step.plan,
      distinct: !body.all,
      columns,
      anchorColumns: anchor.columns.map(({ column }) => column.id),
      stepColumns: step.columns.map(({ column }) => column.id),
    };
    return { plan, columns: columns.map((column) => ({ name: column.name, column })) };
  }
}
