import type { ColumnDefinition } from '../catalog/table-definition.js';
import type { Executor } from '../exec/executor.js';
import type { PinnedFile } from '../storage/object-store.js';
import { FooterCache } from '../storage/parquet-reader/footer-cache.js';
import type { ParquetMetadata } from '../storage/parquet-reader/parquet-metadata.js';

/** What the footers that the planning thread keeps may take of the JavaScript heap, as a share of the memory limit. */
const MEMORY_SHARE = 1 / 32;
const LEAST_BYTES = 32 * 2 ** 20;

/** What the planning thread knows of files: their footers, each decoded once, by a worker. */
export class FooterService {
  private readonly executor: Executor;
  private readonly footers: FooterCache;

  constructor(executor: Executor) {
    this.executor = executor;
    this.footers = new FooterCache(Math.max(LEAST_BYTES, executor.shared.capacityBytes * MEMORY_SHARE));
  }

  /** In the order of `files`. */
  async read(files: readonly PinnedFile[]): Promise<readonly ParquetMetadata[]> {
    const known = files.map((file) => this.footers.get(file));
    const missing = files.filter((_, index) => known[index] === undefined);
    if (missing.length === 0) return known as readonly ParquetMetadata[];
    const read = await this.executor.readFooters(
      missing.map(({ path, byteLength, version }) => ({ path, byteLength, version })),
    );
    for (const [index, file] of missing.entries()) this.footers.set(file, read[index]!);
    const rest = read.values();
    return known.map((footer) => footer ?? rest.next().value!);
  }

  /** The columns of a file, for tables without a definition. Columns that cannot be read are left out. */
  readonly inferSchema = async (file: PinnedFile): Promise<ColumnDefinition[]> => {
    const [metadata] = await this.read([file]);
    return metadata!.columns.flatMap((column) =>
      column.type === undefined ? [] : [{ name: column.name, type: column.type, nullable: column.nullable }],
    );
  };
}
