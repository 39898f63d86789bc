// What an atomic commit costs beside writing the same file and renaming it into place. The files are small: it is the
// calls, and the waits for the disk among them, that are measured.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableAddress } from '../../src/storage/commit/lake-layout.js';
import { readTable } from '../../src/storage/commit/read-table.js';
import { type Replacement, TableTransaction } from '../../src/storage/commit/table-transaction.js';
import { LocalObjectStore } from '../../src/storage/local/local-object-store.js';
import { joinLocation } from '../../src/storage/location.js';
import { printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { CandidateFigures, MicroBenchmark } from './micro-benchmark.js';

const ROUNDS = 41;
const TITLE = 'one small file';
const CONTENT = new Uint8Array(1000);

const store = new LocalObjectStore();

async function commitFile(table: TableAddress, replace: Replacement): Promise<void> {
  const transaction = await TableTransaction.begin(store, table);
  const path = joinLocation(transaction.stagingFolder, 'd=1', `${transaction.filePrefix}0.parquet`);
  const writer = await store.createWriter(path);
  await writer.write(CONTENT);
  await writer.close();
  await transaction.commit([{ path, folders: ['d=1'] }], { replace });
}

export const benchmark: MicroBenchmark = async () => {
  const lake = await mkdtemp(join(tmpdir(), 'millrace-micro-'));
  try {
    const table: TableAddress = { lake, name: 'public.events', folder: 'events' };
    const partition: Replacement = { kind: 'partitions', partitions: [['d=1']] };
    await mkdir(join(lake, 'plain'));
    let files = 0;
    const candidates: Readonly<Record<string, () => Promise<unknown>>> = {
      'write and rename, unsynced': async () => {
        const path = join(lake, 'plain', `${files++}`);
        await writeFile(`${path}.new`, CONTENT);
        await rename(`${path}.new`, path);
      },
      'write through the store, synced': async () => {
        const writer = await store.createWriter(join(lake, 'plain', `${files++}`));
        await writer.write(CONTENT);
        await writer.close();
      },
      'commit that overwrites its partition': () => commitFile(table, partition),
      'list the table': () => readTable(store, table),
    };
    const times = Object.keys(candidates).map((): number[] => []);
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [index, run] of Object.values(candidates).entries()) {
        const started = performance.now();
        await run();
        if (round > 0) times[index]!.push(performance.now() - started);
      }
    }
    const figures: CandidateFigures[] = Object.keys(candidates).map((name, index) => ({
      title: TITLE,
      name,
      nsPerRow: median(times[index]!) * 1e6,
    }));
    printTable(
      [TITLE, 'median ms'],
      figures.map(({ name, nsPerRow }) => [name, (nsPerRow / 1e6).toFixed(2)]),
    );
    return figures;
  } finally {
    await rm(lake, { recursive: true, force: true });
  }
};
