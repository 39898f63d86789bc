import { Millrace } from './dist/index.js';
import { readFileSync } from 'node:fs';
const q = process.argv[2] ?? '06', sf = process.argv[3] ?? '0.01', n = 300;
const db = await Millrace.open({ lake: sf === '0.01' ? '/tmp/w/lead/bench/data/tpch-sf0.01' : '/tmp/w/data/tpch-sf' + sf, threads: 2, memoryLimit: '3GB' });
const sql = readFileSync(`bench/tpch/queries/q${q}.sql`, 'utf8');
const t = []; let cpu;
for (let i = 0; i < n; i++) { if (i === 100) cpu = process.cpuUsage(); const a = performance.now(); await db.query(sql); t.push(performance.now() - a); }
cpu = process.cpuUsage(cpu);
const s = t.slice(100).sort((a, b) => a - b); console.log('first', t.slice(0, 6).map(x => x.toFixed(1)).join(' '), 'median', s[100].toFixed(2), 'min', s[0].toFixed(2), 'cpu/query', ((cpu.user + cpu.system) / 200e3).toFixed(2));
await db.close();
