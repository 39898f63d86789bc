import { Lake, type LakeOptions } from '../../src/catalog/lake.js';
import type { TableDefinition } from '../../src/catalog/table-definition.js';
import type { TableRelation } from '../../src/catalog/table-snapshot.js';
import type { TableWrite, WriteMode } from '../../src/catalog/table-write.js';
import type { CommitObserver } from '../../src/storage/commit/commit-observer.js';
import { rollForward } from '../../src/storage/commit/roll-forward.js';
import { readTableHead } from '../../src/storage/commit/table-head.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { openPinnedFile } from '../../src/storage/open-pinned-file.js';
import { BIGINT, DATE } from '../../src/types/sql-type.js';

export interface Scenario {
  prepare(lake: Lake, store: ObjectStore): Promise<void>;
  change(lake: Lake, store: ObjectStore, observer?: CommitObserver): Promise<void>;
  /** What `readLake` gives before and after. */
  readonly before: string;
  readonly after: string;
}

const EVENTS = { schema: 'public', name: 'events' };
const definition: TableDefinition = {
  columns: [
    { name: 'n', type: BIGINT, nullable: true },
    { name: 'date', type: DATE, nullable: true },
  ],
  partitionColumns: ['date'],
  options: {},
};

const neverInferred = () => Promise.reject(new Error('the table was created'));

export async function openLake(root: string, options: LakeOptions): Promise<Lake> {
  return await Lake.open(root, options);
}

const createWithRows = async (lake: Lake, store: ObjectStore) => {
  const write = await lake.beginCreateTable(EVENTS, definition);
  const rows = { '2026-01-01': ['old1', 'old2'], '2026-01-02': ['kept'] };
  await write.commit(await writeRows(store, write, rows), { kind: 'append' });
};

const overwriteFirstDay: WriteMode = { kind: 'overwrite partition', values: [20454] };

export const scenarios: Readonly<Record<string, Scenario>> = {
  overwrite: {
    prepare: createWithRows,
    change: async (lake, store) => {
      const write = await lake.beginWrite((await lake.getRelation(EVENTS, neverInferred)) as TableRelation);
      const files = await writeRows(store, write, { '2026-01-01': ['new1', 'new2'] });
      await write.commit(files, overwriteFirstDay);
    },
    before: '2026-01-01 old1, 2026-01-01 old2, 2026-01-02 kept',
    after: '2026-01-01 new1, 2026-01-01 new2, 2026-01-02 kept',
  },
  'overwrite with nothing': {
    prepare: createWithRows,
    change: async (lake) => {
      const write = await lake.beginWrite((await lake.getRelation(EVENTS, neverInferred)) as TableRelation);
      await write.commit([], overwriteFirstDay);
    },
    before: '2026-01-01 old1, 2026-01-01 old2, 2026-01-02 kept',
    after: '2026-01-02 kept',
  },
  'create table as': {
    prepare: async () => {},
    change: createWithRows,
    before: 'no table',
    after: '2026-01-01 old1, 2026-01-01 old2, 2026-01-02 kept',
  },
  'drop table': {
    prepare: createWithRows,
    change: async (lake) => await lake.dropTable(EVENTS),
    before: '2026-01-01 old1, 2026-01-01 old2, 2026-01-02 kept',
    after: 'no table',
  },
  /** What was committed is rolled forward by another process. */
  recovery: {
    prepare: async () => {},
    change: async (lake, store, observer) => {
      const address = { lake: lake.root, name: 'public.events', folder: 'events' };
      await rollForward(store, address, await readTableHead(store, address), observer);
    },
    before: '',
    after: '',
  },
};

async function writeRows(store: ObjectStore, write: TableWrite, rows: Readonly<Record<string, readonly string[]>>) {
  const files = Object.entries(rows).flatMap(([date, texts]) => texts.map((text) => ({ date, text })));
  return await Promise.all(
    files.map(async ({ date, text }) => {
      const path = `${write.stagingFolder}/${write.filePrefix}${text}.parquet`;
      const writer = await store.createWriter(path);
      await writer.write(new TextEncoder().encode(text));
      await writer.close();
      return { path, partitionValues: [date] };
    }),
  );
}

/** Every row of the table `events`: `2026-01-01 old1, …`, or `no table`. */
export async function readLake(lake: Lake): Promise<string> {
  const table = await lake.findRelation(EVENTS, neverInferred);
  if (table?.kind !== 'table') return 'no table';
  const { files } = await lake.snapshot(table);
  const rows: string[] = [];
  for (const pin of files) {
    const file = await openPinnedFile(pin);
    const bytes = new Uint8Array(file.byteLength);
    await file.read(0, bytes);
    await file.close();
    const date = new Date((pin.partitionValues[0] as number) * 86_400_000).toISOString().slice(0, 10);
    rows.push(`${date} ${new TextDecoder().decode(bytes)}`);
  }
  return rows.sort().join(', ');
}
