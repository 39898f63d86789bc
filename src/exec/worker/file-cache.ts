import type { PinnedFile, RandomAccessFile } from '../../storage/object-store.js';
import { openPinnedFile } from '../../storage/open-pinned-file.js';
import { digestOf, type FileDigest } from '../../storage/parquet-reader/chunk-keeper.js';
import { FooterCache } from '../../storage/parquet-reader/footer-cache.js';
import type { ParquetMetadata } from '../../storage/parquet-reader/parquet-metadata.js';
import { readFooter } from '../../storage/parquet-reader/read-footer.js';
import { HeldFile } from './held-file.js';
import { SmallFileCache } from './small-file-cache.js';

/** What the footers that each thread keeps may take of the JavaScript heap. */
const FOOTER_BYTES = 16 * 2 ** 20;

export interface OpenParquetFile {
  readonly file: RandomAccessFile;
  readonly metadata: ParquetMetadata;
  /** Absent where nothing of the file is worth keeping in memory. */
  readonly digest: FileDigest | undefined;
}

/** Opens pinned files; decoded footers, and small files as they are, are kept by path and version. One a thread. */
export class FileCache {
  private readonly footers = new FooterCache(FOOTER_BYTES);
  private readonly smallFiles = new SmallFileCache();

  async open(pin: PinnedFile): Promise<OpenParquetFile> {
    const file = await this.openFile(pin);
    try {
      const digest = SmallFileCache.isSmall(pin) ? undefined : digestOf(pin);
      return { file, metadata: await this.footerOf(file, pin), digest };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Opening, reading and closing a file takes longer than to scan it, where it has few rows. */
  private async openFile(pin: PinnedFile): Promise<RandomAccessFile> {
    if (!SmallFileCache.isSmall(pin)) return await openPinnedFile(pin);
    let bytes = this.smallFiles.get(pin);
    if (bytes === undefined) {
      bytes = await readWhole(pin);
      this.smallFiles.set(pin, bytes);
    }
    return new HeldFile(pin.path, bytes);
  }

  private async footerOf(file: RandomAccessFile, pin: PinnedFile): Promise<ParquetMetadata> {
    const known = this.footers.get(pin);
    if (known !== undefined) return known;
    const metadata = await readFooter(file);
    this.footers.set(pin, metadata);
    return metadata;
  }
}

async function readWhole(pin: PinnedFile): Promise<Uint8Array> {
  const file = await openPinnedFile(pin);
  try {
    const bytes = new Uint8Array(file.byteLength);
    await file.read(0, bytes);
    await file.assertUnchanged();
    return bytes;
  } finally {
    await file.close();
  }
}
