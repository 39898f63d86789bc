import type { PinnedFile, RandomAccessFile } from '../../storage/object-store.js';
import { openPinnedFile } from '../../storage/open-pinned-file.js';
import { FooterCache } from '../../storage/parquet-reader/footer-cache.js';
import type { ParquetMetadata } from '../../storage/parquet-reader/parquet-metadata.js';
import { readFooter } from '../../storage/parquet-reader/read-footer.js';

/** What the footers that each thread keeps may take of the JavaScript heap. */
const FOOTER_BYTES = 16 * 2 ** 20;

export interface OpenParquetFile {
  readonly file: RandomAccessFile;
  readonly metadata: ParquetMetadata;
}

/** Opens pinned files; decoded footers are kept by path and version. One a thread. */
export class FileCache {
  private readonly footers = new FooterCache(FOOTER_BYTES);

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
    const known = this.footers.get(pin);
    if (known !== undefined) return known;
    const metadata = await readFooter(file);
    this.footers.set(pin, metadata);
    return metadata;
  }
}
