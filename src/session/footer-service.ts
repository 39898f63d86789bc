import type { ColumnDefinition } from '../catalog/table-definition.js';
import type { Executor } from '../exec/executor.js';
import type { PinnedFile } from '../storage/object-store.js';
import type { ParquetMetadata } from '../storage/parquet-reader/parquet-metadata.js';

/** Footers that the planning thread keeps; they were decoded by workers. */
const MAX_FOOTERS = 10_000;

/** What the planning thread knows of files: their footers, each decoded once, by a worker. */
export class FooterService {
  private readonly executor: Executor;
  private readonly footers = new Map<string, ParquetMetadata>();

  constructor(executor: Executor) {
    this.executor = executor;
  }

  /** In the order of `files`. */
  async read(files: readonly PinnedFile[]): Promise<readonly ParquetMetadata[]> {
    const missing = files.filter((file) => !this.footers.has(keyOf(file)));
    if (missing.length > 0) {
      const read = await this.executor.readFooters(
        missing.map(({ path, byteLength, version }) => ({ path, byteLength, version })),
      );
      for (const [index, file] of missing.entries()) this.footers.set(keyOf(file), read[index]!);
    }
    const result = files.map((file) => this.footers.get(keyOf(file))!);
    this.evict();
    return result;
  }

  /** The columns of a file, for tables without a definition. Columns that cannot be read are left out. */
  readonly inferSchema = async (file: PinnedFile): Promise<ColumnDefinition[]> => {
    const [metadata] = await this.read([file]);
    return metadata!.columns.flatMap((column) =>
      column.type === undefined ? [] : [{ name: column.name, type: column.type, nullable: column.nullable }],
    );
  };

  private evict(): void {
    for (const key of this.footers.keys()) {
      if (this.footers.size <= MAX_FOOTERS) return;
      this.footers.delete(key);
    }
  }
}

function keyOf(file: PinnedFile): string {
  return `${file.path}\n${file.version}\n${file.byteLength}`;
}
