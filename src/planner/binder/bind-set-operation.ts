import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { commonType } from '../../types/coercion.js';
import { BIGINT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { equals, refer } from '../logical/expression-tree.js';
import type { LogicalColumn, LogicalNode, ProjectItem } from '../logical/logical-plan.js';
import { numberedRows } from '../logical/numbered-rows.js';
import { atPosition, type BindContext, type BoundQuery, unsupported } from './bind-context.js';
import { distinct } from './bind-select.js';
import { coerceColumns, literalBehind } from './coerce-columns.js';
import { operandTypes } from './literal-types.js';
import { outputPosition } from './output-position.js';

/** UNION [ALL]; INTERSECT and EXCEPT as semi and anti joins of the distinct left rows, where NULL equals NULL. */
export function bindSetOperation(
  operation: Ast.SetOperation,
  context: BindContext,
  bindOperand: (operand: Ast.QueryBody) => BoundQuery,
): BoundQuery {
  const { operator, all } = operation;
  const name = operator.toUpperCase();
  const written = [bindOperand(operation.left), bindOperand(operation.right)] as const;
  const operands = operation.byName ? alignedByName(written, operation, context) : written;
  if (operands[0].columns.length !== operands[1].columns.length) {
    throw userError('42601', `each ${name} query must have the same number of columns`, {
      position: outputPosition(operation.right, 0),
      hint: `The first has ${operands[0].columns.length}, the second ${operands[1].columns.length}.`,
    });
  }
  const types = operands[0].columns.map((_, i) =>
    atPosition(outputPosition(operation.right, i), () =>
      commonType(operandTypes(operands.map((operand) => literalOr(operand, i))), name),
    ),
  );
  const left = coerceColumns(operands[0], types, context, (i) => outputPosition(operation.left, i));
  const right = coerceColumns(operands[1], types, context, (i) => outputPosition(operation.right, i));
  if (operator === 'union') return union(left, right, all, context);
  const joinKind = operator === 'intersect' ? 'semi' : 'anti';
  const conditions = left.columns.map(({ column }, i) =>
    equals(refer(column), refer(right.columns[i]!.column), 'is not distinct from'),
  );
  if (all) {
    const [ofLeft, ofRight] = [numberedCopies(left, context), numberedCopies(right, context)];
    const sameNumber = equals(refer(ofLeft.number), refer(ofRight.number));
    return {
      plan: { kind: 'join', joinKind, left: ofLeft.plan, right: ofRight.plan, conditions: [...conditions, sameNumber] },
      columns: left.columns,
    };
  }
  return {
    plan: { kind: 'join', joinKind, left: distinct(left.plan, left.columns), right: right.plan, conditions },
    columns: left.columns,
  };
}

/** A column of an operand, or the literal that it is. */
function literalOr({ plan, columns }: BoundQuery, index: number): Expression {
  const { column } = columns[index]!;
  return literalBehind(plan, column.id) ?? refer(column);
}

/** With ALL the first of equal rows meets the first of the other side, the second the second, and so on. */
function numberedCopies(
  { plan, columns }: BoundQuery,
  { ids }: BindContext,
): { readonly plan: LogicalNode; readonly number: LogicalColumn } {
  const number = ids.column('row_number', BIGINT, false);
  const keys = columns.map(({ column }) => refer(column));
  return { plan: numberedRows(plan, keys, [], number), number };
}

/** The columns of both sides in one order, the left ones first; a side that lacks one has NULLs there. */
function alignedByName(
  sides: readonly [BoundQuery, BoundQuery],
  { operator, position }: Ast.SetOperation,
  { ids }: BindContext,
): readonly [BoundQuery, BoundQuery] {
  if (operator !== 'union') {
    throw unsupported(`${operator.toUpperCase()} BY NAME`, position, 'Write the columns in the same order.');
  }
  for (const { columns } of sides) {
    const names = columns.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice === undefined) continue;
    throw userError('42701', `column "${twice}" specified more than once in UNION BY NAME`, { position });
  }
  const own = new Set(sides[0].columns.map(({ name }) => name));
  const order = [...sides[0].columns, ...sides[1].columns.filter(({ name }) => !own.has(name))];
  const align = ({ plan, columns }: BoundQuery): BoundQuery => {
    const items = order.map(({ name, column }): ProjectItem => {
      const found = columns.find((candidate) => candidate.name === name)?.column;
      if (found) return { column: found, expression: refer(found) };
      const none: Expression = { kind: 'constant', type: column.type, value: null };
      return { column: ids.column(name, column.type, true), expression: none };
    });
    return {
      plan: { kind: 'project', input: plan, items },
      columns: items.map(({ column }, i) => ({ name: order[i]!.name, column })),
    };
  };
  return [align(sides[0]), align(sides[1])];
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
