import { Executor } from './build/src/exec/executor.js';
import { statSync, readdirSync } from 'node:fs';
import { objectStoreFor } from './build/src/storage/open-object-store.js';
const ex = new Executor({ threads: 1, memoryLimit: 2 ** 30 });
for (const t of process.argv.slice(3)) {
const dir = `${process.argv[2]}/${t}`; const f = readdirSync(dir).find(x => x.endsWith('.parquet')); const path = dir + '/' + f;
const info = await objectStoreFor(path).stat(path); const [m] = await ex.readFooters([{ path, byteLength: info.byteLength, version: info.version }]);
console.log(t, m.rowCount, 'groups', m.rowGroups.length, m.rowGroups[0].rowCount, m.createdBy);
m.columns.forEach((c, i) => { const k = m.rowGroups[m.rowGroups.length >> 1].chunks[i]; const n = m.rowGroups[m.rowGroups.length >> 1].rowCount; console.log(' ', c.name.padEnd(16), k.codec, k.encodings.join(','), 'bytes', k.byteLength, 'dict', k.dictionaryByteLength, 'ratio', (k.uncompressedByteLength / k.byteLength).toFixed(2), 'bits', ((k.byteLength - k.dictionaryByteLength) * 8 / n).toFixed(2)); });
}
await ex.close();
