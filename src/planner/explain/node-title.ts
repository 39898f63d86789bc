import { unreachable } from '../../common/errors.js';
import type { HashJoinNode, JoinKind, PhysicalNode } from '../physical/physical-plan.js';

const JOIN_NAMES: Readonly<Record<JoinKind, string>> = {
  inner: 'Join',
  left: 'Left Join',
  right: 'Right Join',
  full: 'Full Join',
  semi: 'Semi Join',
  anti: 'Anti Join',
  rightSemi: 'Right Semi Join',
  rightAnti: 'Right Anti Join',
  nullAwareAnti: 'Null-Aware Anti Join',
  mark: 'Mark Join',
  single: 'Single-Row Join',
};

export function titleOf(node: PhysicalNode): string {
  switch (node.kind) {
    case 'scan':
      return `Parquet Scan on ${node.table}`;
    case 'textScan':
      return `${node.format.kind === 'csv' ? 'CSV' : 'JSON'} Scan on ${node.table}`;
    case 'values':
      if (node.origin) return `Metadata of ${node.origin.table}`;
      return node.columns.length === 0 && node.rows.length === 1 ? 'Result' : 'Values';
    case 'generateSeries':
      return 'Generate Series';
    case 'filter':
      return 'Filter';
    case 'project':
      return 'Project';
    case 'expand':
      return 'Grouping Sets';
    case 'unnest':
      return node.outer ? 'Outer Unnest' : 'Unnest';
    case 'hashAggregate':
      if (node.groupKeys.length === 0) return 'Aggregate';
      return node.aggregates.length === 0 ? 'Distinct' : 'Hash Aggregate';
    case 'hashJoin':
      return joinTitle(node);
    case 'sort':
      return node.limit === undefined ? 'Sort' : 'Top-N';
    case 'window':
      return 'Window';
    case 'limit':
      return 'Limit';
    case 'recursive':
      return node.keys === undefined ? 'Recursive Union All' : 'Recursive Union';
    case 'workingTable':
      return 'Working Table';
    case 'unionAll':
      return 'Union All';
    case 'shared':
      if (node.number === 0) return 'Kept Rows';
      return node.share === node.id ? `Shared Rows ${node.number}` : `Shared Rows ${node.number}, read again`;
    case 'parquetSink':
      return 'Parquet Sink';
    case 'analyzeSink':
      return 'Analyze';
    default:
      return unreachable(node, 'plan node');
  }
}

function joinTitle(node: HashJoinNode): string {
  if (node.probeKeys.length > 0) return `Hash ${JOIN_NAMES[node.joinKind]} (${node.distribution})`;
  if (node.joinKind === 'inner' && !node.residual) return 'Cross Join';
  return `Nested Loop ${JOIN_NAMES[node.joinKind]}`;
}
