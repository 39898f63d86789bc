import type { LogicalNode } from '../../logical/logical-plan.js';

/** How many rows a plan is sure to have, and cannot exceed. */
export function rowBounds(node: LogicalNode): { readonly least: number; readonly most: number } {
  switch (node.kind) {
    case 'values':
      return { least: node.rows.length, most: node.rows.length };
    case 'aggregate':
      return node.groupKeys.length === 0 ? { least: 1, most: 1 } : { least: 0, most: Number.POSITIVE_INFINITY };
    case 'project':
      return rowBounds(node.input);
    case 'filter':
      return { least: 0, most: rowBounds(node.input).most };
    case 'sort':
    case 'limit': {
      const input = rowBounds(node.input);
      const offset = node.offset ?? 0;
      const limit = node.limit ?? Number.POSITIVE_INFINITY;
      return {
        least: Math.min(limit, Math.max(0, input.least - offset)),
        most: Math.min(limit, Math.max(0, input.most - offset)),
      };
    }
    case 'join':
      if (node.joinKind === 'inner' || node.joinKind === 'left') {
        const [left, right] = [rowBounds(node.left), rowBounds(node.right)];
        const unconditional = node.conditions.length === 0;
        const most = left.most * Math.max(right.most, node.joinKind === 'left' ? 1 : 0);
        return { least: unconditional ? left.least * right.least : 0, most: Number.isNaN(most) ? 0 : most };
      }
      return { least: 0, most: rowBounds(node.left).most };
    default:
      return { least: 0, most: Number.POSITIVE_INFINITY };
  }
}
