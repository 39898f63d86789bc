import type { Lake } from '../catalog/lake.js';
import type { MergedStatistics } from '../catalog/statistics/read-statistics.js';
import { statisticsPath } from '../catalog/statistics/statistics-file.js';
import type { TableFile, TableRelation } from '../catalog/table-snapshot.js';
import type { Executor } from '../exec/executor.js';
import type { PinnedFile } from '../storage/object-store.js';
import type { SqlType } from '../types/sql-type.js';

/** How long another process's ANALYZE may go unnoticed. */
const LISTING_LIFETIME_MS = 1_000;
/** Sets of files whose merged statistics are kept. */
const MAX_MERGED = 64;
const MAX_NAMES = 20_000;

type Column = { readonly name: string; readonly type: SqlType };

interface Listing {
  readonly locations: Promise<ReadonlySet<string>>;
  readonly expiresMs: number;
}

/** Statistics of one set of files, column by column as they were asked for. */
interface MergedSet {
  readonly columns: Set<string>;
  readonly parts: MergedStatistics[];
}

/** What ANALYZE has found out about tables: read and merged by workers, and kept as long as the files stay the same. */
export class StatisticsService {
  private readonly lake: Lake;
  private readonly executor: Executor;
  private readonly listings = new Map<string, Listing>();
  private readonly merged = new Map<string, MergedSet>();
  private readonly locations = new Map<string, string>();

  constructor(lake: Lake, executor: Executor) {
    this.lake = lake;
    this.executor = executor;
  }

  /** The statistics of those of the files that have any; undefined if none has. Indexes are those of `files`. */
  async find(
    table: TableRelation,
    files: readonly TableFile[],
    columns: readonly Column[],
  ): Promise<MergedStatistics | undefined> {
    const folder = this.lake.statisticsFolder(table);
    if (folder === undefined) return undefined;
    const listed = await this.list(folder);
    if (listed.size === 0) return undefined;
    const pinned = this.lake.inLake(files);
    const indexes = pinned.flatMap((file, index) => (listed.has(this.locationOf(folder, file)) ? [index] : []));
    if (indexes.length === 0) return undefined;
    const wanted = indexes.map((index) => pinned[index]!);
    const key = wanted.map((file) => this.locationOf(folder, file)).join('\n');
    const set = this.merged.get(key) ?? { columns: new Set(), parts: [] };
    this.merged.delete(key);
    this.merged.set(key, set);
    const missing = columns.filter(({ name }) => !set.columns.has(name));
    if (missing.length > 0) {
      const part = await this.executor.readStatistics({ folder, files: wanted, columns: missing });
      set.parts.push(part);
      for (const { name } of missing) set.columns.add(name);
    }
    this.evict();
    return combine(set.parts, columns, indexes);
  }

  /** ANALYZE has changed what there is. */
  forget(): void {
    this.listings.clear();
    this.merged.clear();
  }

  private list(folder: string): Promise<ReadonlySet<string>> {
    const now = performance.now();
    const known = this.listings.get(folder);
    if (known !== undefined && known.expiresMs > now) return known.locations;
    const locations = this.lake.listStatistics(folder);
    this.listings.set(folder, { locations, expiresMs: now + LISTING_LIFETIME_MS });
    locations.catch(() => this.listings.delete(folder));
    return locations;
  }

  private locationOf(folder: string, file: PinnedFile): string {
    const key = `${folder}\n${file.path}\n${file.byteLength}\n${file.version}`;
    let location = this.locations.get(key);
    if (location === undefined) {
      if (this.locations.size >= MAX_NAMES) this.locations.clear();
      location = statisticsPath(folder, file);
      this.locations.set(key, location);
    }
    return location;
  }

  private evict(): void {
    for (const key of this.merged.keys()) {
      if (this.merged.size <= MAX_MERGED) return;
      this.merged.delete(key);
    }
  }
}

function combine(
  parts: readonly MergedStatistics[],
  columns: readonly Column[],
  indexes: readonly number[],
): MergedStatistics {
  const names = columns.map(({ name }) => name);
  const of = <Value>(maps: readonly ReadonlyMap<string, Value>[]): [string, Value][] =>
    names.flatMap((name) => {
      const map = maps.find((candidate) => candidate.has(name));
      return map === undefined ? [] : [[name, map.get(name)!] as [string, Value]];
    });
  return {
    sketches: new Map(of(parts.map((part) => part.sketches))),
    covered: new Map(
      of(parts.map((part) => part.covered)).map(([name, files]) => [name, files.map((file) => indexes[file]!)]),
    ),
    problems: [...new Set(parts.flatMap((part) => part.problems))],
  };
}
