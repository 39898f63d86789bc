import type { RandomAccessFile } from '../../storage/object-store.js';
import type { OpenParquetFile } from '../worker/file-cache.js';
import type { LaneContext } from './operator.js';
import type { ScanMorsel } from './scan-morsels.js';
import type { ScanRowGroup } from './scan-row-group.js';

interface OpenedFile {
  readonly morsel: ScanMorsel;
  readonly file: Promise<OpenParquetFile>;
  /** Set when `file` has resolved. */
  ready: OpenParquetFile | undefined;
}

/** The file that a lane of a scan reads: it is kept open while the next morsel has the same. */
export class ScanFiles {
  private readonly files: LaneContext['files'];
  private opened: OpenedFile | undefined;

  constructor(files: LaneContext['files']) {
    this.files = files;
  }

  /** The file of a morsel, where it is open. */
  readyFor(morsel: ScanMorsel): OpenParquetFile | undefined {
    return this.opened?.morsel.fileIndex === morsel.fileIndex ? this.opened.ready : undefined;
  }

  /** The one before is closed, with the row group that reads from it where there is one. */
  async open(morsel: ScanMorsel, reading: () => ScanRowGroup | undefined): Promise<OpenParquetFile> {
    if (this.opened?.morsel.fileIndex === morsel.fileIndex) return this.opened.file;
    const previous = this.opened;
    const file = this.files.open(morsel.file);
    const entry: OpenedFile = { morsel, file, ready: undefined };
    file.then(
      (ready) => {
        entry.ready = ready;
      },
      () => undefined, // whoever waits for the file hears of it
    );
    this.opened = entry;
    if (previous !== undefined) {
      const { file: handle } = await previous.file;
      const rowGroup = reading();
      if (rowGroup === undefined) await closeUnchanged(handle, false);
      else rowGroup.closeAfter(handle);
    }
    return file;
  }

  async close(isCancelled: boolean): Promise<void> {
    const opened = await this.opened?.file.catch(() => undefined);
    if (opened !== undefined) await closeUnchanged(opened.file, isCancelled);
  }
}

/** What was read is only right if the file is still the one that was planned with. */
async function closeUnchanged(file: RandomAccessFile, isCancelled: boolean): Promise<void> {
  try {
    if (!isCancelled) await file.assertUnchanged();
  } finally {
    await file.close();
  }
}
