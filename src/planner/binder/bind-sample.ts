import { userError } from '../../common/errors.js';
import { resolveScalarFunction } from '../../functions/registry.js';
import type * as Ast from '../../parser/ast/index.js';
import { BOOLEAN, DOUBLE } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { refer } from '../logical/expression-tree.js';
import type { LogicalNode } from '../logical/logical-plan.js';
import { outputOf } from '../logical/plan-tree.js';
import { type BindContext, unsupported } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { coerce } from './coerce.js';
import { foldOnce } from './fold.js';
import { EMPTY_NAMESPACE } from './scope.js';

/** TABLESAMPLE: each row with the same chance. SYSTEM may take rows in blocks, and need not. */
export function sampled(input: LogicalNode, sample: Ast.SampledRelation, context: BindContext): LogicalNode {
  const { method, percent, seed, ofRows } = sample;
  if (method.name !== 'bernoulli' && method.name !== 'system') {
    throw userError('42704', `tablesample method ${method.name} does not exist`, {
      position: method.position,
      hint: 'The methods are BERNOULLI and SYSTEM.',
    });
  }
  if (seed) {
    throw unsupported(
      'TABLESAMPLE … REPEATABLE',
      seed.position,
      'Keep a sample with CREATE TABLE … AS, or leave it out.',
    );
  }
  if (ofRows) return someRows(input, sample, context);
  const scope = { namespace: EMPTY_NAMESPACE, parent: undefined, commonTables: new Map() };
  const bound = bindExpression(percent, { context, scope, clause: 'TABLESAMPLE', subqueries: undefined });
  const share = foldOnce(context, coerce(context, bound, DOUBLE, percent.position, 'assignment'), percent.position);
  if (share.kind !== 'constant' && share.kind !== 'parameter') {
    throw unsupported('a percentage that is not constant', percent.position, 'Give it as a number.');
  }
  if (share.kind === 'constant') checkShare(share.value, percent.position);
  const { overload, returns } = resolveScalarFunction('random', []);
  const { overload: times } = resolveScalarFunction('*', [DOUBLE, DOUBLE]);
  const hundred: Expression = { kind: 'constant', type: DOUBLE, value: 100 };
  const draw: Expression = { kind: 'call', type: returns, overload, args: [] };
  const left: Expression = { kind: 'call', type: DOUBLE, overload: times, args: [draw, hundred] };
  const isTaken: Expression = { kind: 'comparison', type: BOOLEAN, operator: '<', left, right: share };
  return { kind: 'filter', input, conjuncts: [isTaken] };
}

function checkShare(value: unknown, position: number): void {
  if (value === null) throw userError('2202H', 'TABLESAMPLE parameter cannot be null', { position });
  if (typeof value === 'number' && value >= 0 && value <= 100) return;
  throw userError('2202H', 'sample percentage must be between 0 and 100', { position });
}

/** So many rows, each with the same chance: the first in a random order. */
function someRows(input: LogicalNode, { percent: count }: Ast.SampledRelation, context: BindContext): LogicalNode {
  if (count.kind !== 'numericLiteral' || !/^\d+$/.test(count.text)) {
    throw unsupported('a number of rows that is no literal', count.position, 'Write ORDER BY random() LIMIT n.');
  }
  const { overload, returns } = resolveScalarFunction('random', []);
  const expression: Expression = { kind: 'call', type: returns, overload, args: [] };
  const column = context.ids.column('random', returns, false);
  const handedOn = outputOf(input).map((own) => ({ column: own, expression: refer(own) }));
  const drawn: LogicalNode = { kind: 'project', input, items: [...handedOn, { column, expression }] };
  return {
    kind: 'sort',
    input: drawn,
    keys: [{ expression: refer(column), descending: false, nullsFirst: false }],
    limit: Number(count.text),
  };
}
