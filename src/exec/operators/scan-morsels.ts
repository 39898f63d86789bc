import type { PinnedScanFile, ScanNode } from '../../planner/physical/physical-plan.js';

/** A unit of work of a scan: one row group, or a whole file where its row groups are not known to the planner. */
export interface ScanMorsel {
  readonly file: PinnedScanFile;
  readonly fileIndex: number;
  /** Undefined: all row groups. */
  readonly rowGroup: number | undefined;
  /** The number of its unit, where the scan has units. */
  readonly unit: number;
}

/** What a lane takes at a time: a morsel, or all of a unit of the scan. */
export function listScanWork({ files, units }: ScanNode): (readonly ScanMorsel[])[] {
  const ofFile = (fileIndex: number, unit: number): ScanMorsel[] => {
    const file = files[fileIndex]!;
    return (file.rowGroups ?? [undefined]).map((rowGroup) => ({ file, fileIndex, rowGroup, unit }));
  };
  if (units) return units.map((unit, number) => unit.flatMap((fileIndex) => ofFile(fileIndex, number)));
  return files.flatMap((_, fileIndex) => ofFile(fileIndex, 0).map((morsel) => [morsel]));
}

export function countScanWork(node: ScanNode): number {
  return node.units?.length ?? node.files.reduce((count, file) => count + (file.rowGroups?.length ?? 1), 0);
}
