import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { commonType } from '../../types/coercion.js';
import { equals, refer } from '../logical/expression-tree.js';
import type { LogicalNode } from '../logical/logical-plan.js';
import { atPosition, type BindContext, type BoundQuery, unsupported } from './bind-context.js';
import { distinct } from './bind-select.js';
import { coerceColumns } from './coerce-columns.js';
import { outputPosition } from './output-position.js';

/** UNION [ALL]; INTERSECT and EXCEPT as semi and anti joins of the distinct left rows, where NULL equals NULL. */
export function bindSetOperation(
  operation: Ast.SetOperation,
  context: BindContext,
  bindOperand: (operand: Ast.QueryBody) => BoundQuery,
): BoundQuery {
  const { operator, all, position } = operation;
  const name = operator.toUpperCase();
  if (all && operator !== 'union') throw unsupported(`${name} ALL`, position, `Use ${name}, which removes duplicates.`);
  const operands = [bindOperand(operation.left), bindOperand(operation.right)] as const;
  if (operands[0].columns.length !== operands[1].columns.length) {
    throw userError('42601', `each ${name} query must have the same number of columns`, {
      position: outputPosition(operation.right, 0),
      hint: `The first has ${operands[0].columns.length}, the second ${operands[1].columns.length}.`,
    });
  }
  const types = operands[0].columns.map(({ column }, i) =>
    atPosition(outputPosition(operation.right, i), () =>
      commonType([column.type, operands[1].columns[i]!.column.type], name),
    ),
  );
  const left = coerceColumns(operands[0], types, context, (i) => outputPosition(operation.left, i));
  const right = coerceColumns(operands[1], types, context, (i) => outputPosition(operation.right, i));
  if (operator === 'union') return union(left, right, all, context);
  return {
    plan: {
      kind: 'join',
      joinKind: operator === 'intersect' ? 'semi' : 'anti',
      left: distinct(left.plan, left.columns),
      right: right.plan,
      conditions: left.columns.map(({ column }, i) =>
        equals(refer(column), refer(right.columns[i]!.column), 'is not distinct from'),
      ),
    },
    columns: left.columns,
  };
}

function union(left: BoundQuery, right: BoundQuery, all: boolean, context: BindContext): BoundQuery {
  const columns = left.columns.map(({ name, column }, i) =>
    context.ids.column(name, column.type, column.nullable || right.columns[i]!.column.nullable),
  );
  const plan: LogicalNode = {
    kind: 'unionAll',
    inputs: [left.plan, right.plan],
    columns,
    inputColumns: [left, right].map((side) => side.columns.map(({ column }) => column.id)),
  };
  const items = columns.map((column) => ({ column }));
  return {
    plan: all ? plan : distinct(plan, items),
    columns: columns.map((column) => ({ name: column.name, column })),
  };
}
