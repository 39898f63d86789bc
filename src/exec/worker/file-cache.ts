import type { PinnedFile, RandomAccessFile } from '../../storage/object-store.js';
import { openPinnedFile } from '../../storage/open-pinned-file.js';
import type { ParquetMetadata } from '../../storage/parquet-reader/parquet-metadata.js';
import { readFooter } from '../../storage/parquet-reader/read-footer.js';

/** Footers kept in each thread; an entry is a few kilobytes for a usual file. */
const MAX_FOOTERS = 2_000;

export interface OpenParquetFile {
  readonly file: RandomAccessFile;
  readonly metadata: ParquetMetadata;
}

/** Opens pinned files; decoded footers are kept by path and version. One a thread. */
export class FileCache {
  private readonly footers = new Map<string, ParquetMetadata>();

  async open(pin: PinnedFile): Promise<OpenParquetFile> {
    const file = await openPinnedFile(pin);
    try {
      return { file, metadata: await this.footerOf(file, pin) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private async footerOf(file: RandomAccessFile, pin: PinnedFile): Promise<ParquetMetadata> {
    const key = `${pin.path}\n${pin.version}\n${pin.byteLength}`;
    const known = this.footers.get(key);
    if (known !== undefined) return known;
    const metadata = await readFooter(file);
    if (this.footers.size >= MAX_FOOTERS) this.footers.delete(this.footers.keys().next().value!);
    this.footers.set(key, metadata);
    return metadata;
  }
}
