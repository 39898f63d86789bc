import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import { KeyPacker } from '../rows/key-packer.js';
import type { RowLayout } from '../rows/row-layout.js';
import { ColumnCompactor } from './batch-compactor.js';
import type { GroupTable } from './group-table.js';
import { KeyCodes } from './key-codes.js';
import type { LaneContext } from './operator.js';
import { ValueCodes } from './value-codes.js';

/** Combinations of dictionary codes up to which groups are found by them: the cache is filled anew for each row group. */
const MAX_CODE_GROUPS = 65_536;
/** The same of values, for which the cache lasts. */
const MAX_VALUE_GROUPS = 1_048_576;
const ROWS_OF_A_TRIAL = 65_536;
const MAX_MISSING_SHARE = 0.98;

/** Finds the group of every row: by codes, of dictionaries or of values, where the keys have few combinations, else by hash. */
export class GroupFinder {
  private readonly context: LaneContext;
  private readonly table: GroupTable;
  private readonly packer: KeyPacker;
  private readonly groups: number;
  private readonly indexes: number;
  private readonly missing: number;
  private readonly compactors: readonly ColumnCompactor[];
  private readonly codes: KeyCodes;
  private readonly values: ValueCodes;
  /** Entries of a dictionary as values. */
  private readonly entries: Vector;
  private cacheScope: Scope;
  private cache = 0;
  private cachedEpoch = 0;
  private cachedBy: KeyCodes | ValueCodes | undefined;
  /** Entries of `cache` that are filled. */
  private cachedGroups = 0;
  /** Have keys been NULL since the cache was renewed? */
  private hasNullKeys = false;
  private rowsSought = 0;
  private rowsMissing = 0;

  /** `layout` is that of the rows of `table`. */
  constructor(context: LaneContext, layout: RowLayout, table: GroupTable) {
    const { shared, kernels, scope, owner } = context;
    this.context = context;
    this.table = table;
    this.packer = new KeyPacker(shared, kernels, scope, layout);
    this.groups = scope.allocate(BATCH_ROWS * 4);
    this.indexes = scope.allocate(BATCH_ROWS * 4);
    this.missing = scope.allocate(BATCH_ROWS * 4);
    const physicals = layout.keys.map(({ physical }) => physical);
    this.compactors = physicals.map((physical) => new ColumnCompactor(kernels, scope, physical));
    this.cacheScope = new Scope(shared, owner);
    this.codes = new KeyCodes(context, MAX_CODE_GROUPS);
    this.values = new ValueCodes(context, physicals, MAX_VALUE_GROUPS);
    this.entries = new Vector(physicals[0]!);
  }

  /** Makes the groups of the rows: where nobody asks which row is of which. */
  insert(keys: readonly Vector[], rowCount: number): void {
    if (keys.length === 1) this.recallEntries(keys[0]!, rowCount);
    if (!this.hasAllGroupsOf(keys)) this.find(keys, rowCount);
  }

  /** Addresses of the states of the rows' groups, one u32 a row. */
  find(keys: readonly Vector[], rowCount: number): number {
    const { kernels } = this.context;
    const indexes = this.index(keys, rowCount);
    if (indexes === 0) {
      this.packer.pack(keys, rowCount);
      this.table.findOrInsert(this.packer, rowCount, this.groups);
      return this.groups;
    }
    const { cache, groups, missing } = this;
    this.hasNullKeys ||= hasNulls(keys);
    const count = kernels.lookUpGroups(indexes, cache, groups, rowCount, missing);
    if (count > 0) this.findMissing(keys, indexes, rowCount, count);
    this.noteMissing(rowCount, count);
    return groups;
  }

  private findMissing(keys: readonly Vector[], indexes: number, rowCount: number, count: number): void {
    const { kernels } = this.context;
    const { cache, groups, missing } = this;
    // One row of each combination that is new. Should slots be flushed meanwhile, addresses last as long as the batch.
    this.packer.pack(
      keys.map((key, index) => this.compactors[index]!.compact(key, missing, count)),
      count,
    );
    this.table.findOrInsert(this.packer, count, groups, true);
    kernels.cacheGroups(indexes, missing, cache, groups, count);
    this.cachedGroups += count;
    kernels.lookUpGroups(indexes, cache, groups, rowCount, missing);
  }

  /** Caches the groups that there are of entries of a new dictionary: mostly those of the one before, in another order. */
  private recallEntries(key: Vector, rowCount: number): void {
    const { codes, entries, packer } = this;
    if (key.encoding !== 'dictionary' || key.dictionarySize > rowCount || this.isCachedBy([key])) return;
    codes.prepare([key]);
    this.renewCache(codes);
    entries.setFlat(key.data, 0);
    packer.pack([entries], key.dictionarySize);
    this.cachedGroups = this.table.find(packer, key.dictionarySize, this.cache);
  }

  /** Is there a group of every combination that these dictionaries can have? */
  private hasAllGroupsOf(keys: readonly Vector[]): boolean {
    const { combinations, combinationsOfValues } = this.codes;
    const possible = this.hasNullKeys || hasNulls(keys) ? combinations : combinationsOfValues;
    return this.cachedGroups === possible && this.isCachedBy(keys);
  }

  /** Is the cache by the codes of these dictionaries? */
  private isCachedBy(keys: readonly Vector[]): boolean {
    const { codes, table } = this;
    return this.cachedBy === codes && this.cachedEpoch === table.epoch && codes.isPreparedFor(keys);
  }

  /** Where the rows' indexes into `cache` are, which is made ready for them; 0 when the keys have too many combinations. */
  private index(keys: readonly Vector[], rowCount: number): number {
    const { codes, values, table } = this;
    if (keys.every(({ encoding }) => encoding === 'dictionary')) {
      const isCached = this.isCachedBy(keys);
      if (!codes.isPreparedFor(keys)) codes.prepare(keys);
      if (codes.combinations <= MAX_CODE_GROUPS) {
        if (!isCached) this.renewCache(codes);
        return codes.combine(keys, this.indexes, rowCount);
      }
    }
    const combined = values.combine(keys, this.indexes, rowCount);
    if (combined === undefined) return 0;
    if (combined === 'changed' || this.cachedBy !== values || this.cachedEpoch !== table.epoch) this.renewCache(values);
    return this.indexes;
  }

  private renewCache(by: KeyCodes | ValueCodes): void {
    const byteLength = by.combinations * 4;
    this.cacheScope.reset();
    this.cachedBy = by;
    this.cachedEpoch = this.table.epoch;
    this.cachedGroups = 0;
    this.hasNullKeys = false;
    this.cache = this.cacheScope.allocate(byteLength);
    this.context.kernels.clearBytes(this.cache, byteLength);
  }

  /** At the end of a batch: where nearly every row has a group of its own, looking for it by its values is in vain. */
  private noteMissing(rowCount: number, missing: number): void {
    if (this.cachedBy !== this.values) return;
    this.rowsSought += rowCount;
    this.rowsMissing += missing;
    if (this.rowsSought < ROWS_OF_A_TRIAL) return;
    if (this.rowsMissing > this.rowsSought * MAX_MISSING_SHARE) this.forgetValues();
    this.rowsSought = 0;
    this.rowsMissing = 0;
  }

  /** From now on groups are found by hash, or by codes: also when memory is short. */
  forgetValues(): void {
    this.values.giveUp();
    if (this.cachedBy !== this.values) return;
    this.cacheScope.free();
    this.cacheScope = new Scope(this.context.shared, this.context.owner);
    this.cachedBy = undefined;
    this.cache = 0;
  }

  free(): void {
    this.cacheScope.free();
    this.codes.free();
    this.values.free();
  }
}

function hasNulls(keys: readonly Vector[]): boolean {
  return keys.some(({ validity }) => validity !== 0);
}
