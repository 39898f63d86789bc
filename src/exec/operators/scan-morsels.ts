import type { PinnedScanFile, ScanNode } from '../../planner/physical/physical-plan.js';

/** A unit of work of a scan: one row group, or a whole file where its row groups are not known to the planner. */
export interface ScanMorsel {
  readonly file: PinnedScanFile;
  readonly fileIndex: number;
  /** Undefined: all row groups. */
  readonly rowGroup: number | undefined;
}

export function listScanMorsels(node: ScanNode): ScanMorsel[] {
  const morsels: ScanMorsel[] = [];
  for (const [fileIndex, file] of node.files.entries()) {
    if (file.rowGroups === undefined) morsels.push({ file, fileIndex, rowGroup: undefined });
    else for (const rowGroup of file.rowGroups) morsels.push({ file, fileIndex, rowGroup });
  }
  return morsels;
}

export function countScanMorsels(node: ScanNode): number {
  return node.files.reduce((count, file) => count + (file.rowGroups?.length ?? 1), 0);
}
