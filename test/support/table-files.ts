import type { TableAddress } from '../../src/storage/commit/lake-layout.js';
import { readTable } from '../../src/storage/commit/read-table.js';
import type { StagedFile, TableTransaction } from '../../src/storage/commit/table-transaction.js';
import { joinLocation } from '../../src/storage/location.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { openPinnedFile } from '../../src/storage/open-pinned-file.js';

/** Stages a file whose content is `text`. */
export async function stageFile(
  store: ObjectStore,
  transaction: TableTransaction,
  folders: readonly string[],
  text: string,
): Promise<StagedFile> {
  const name = `${transaction.filePrefix}${Math.random().toString(36).slice(2)}.parquet`;
  const path = joinLocation(transaction.stagingFolder, ...folders, name);
  const writer = await store.createWriter(path);
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  return { path, folders };
}

/** What a reader sees: `date=1: new`, sorted. */
export async function readTexts(store: ObjectStore, table: TableAddress): Promise<string[]> {
  const { files } = await readTable(store, table);
  const texts: string[] = [];
  for (const file of files) {
    const opened = await openPinnedFile(file, store);
    const target = new Uint8Array(opened.byteLength);
    await opened.read(0, target);
    await opened.close();
    texts.push(`${file.folders.join('/')}: ${new TextDecoder().decode(target)}`);
  }
  return texts.sort();
}
