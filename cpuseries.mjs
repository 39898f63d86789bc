import { Millrace } from './build/src/index.js';
import { readFileSync } from 'node:fs';
const q = process.argv[2] ?? '06', n = +(process.argv[3] ?? 20);
const db = await Millrace.open({ lake: '/tmp/w/data/tpch-sf1', threads: 2, memoryLimit: '3GB' });
const sql = readFileSync(`bench/tpch/queries/q${q}.sql`, 'utf8');
const c = [], w = [];
for (let i = 0; i < n; i++) { const u = process.cpuUsage(), s = performance.now(); await db.query(sql); w.push(performance.now() - s); const d = process.cpuUsage(u); c.push((d.user + d.system) / 1000); await new Promise(r => setTimeout(r, 30)); }
console.log('cpu ', c.map(x => x.toFixed(0)).join(' ')); console.log('wall', w.map(x => x.toFixed(0)).join(' '));
await db.close();
