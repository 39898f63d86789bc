import { Millrace } from './build/src/index.js';
const db = await Millrace.open({ lake: '/tmp/w/lead/bench/data/tpch-sf0.01', threads: +(process.env.THREADS ?? 2), memoryLimit: '1GB' });
const sql = "select n_name, r_name from nation join region on n_regionkey = r_regionkey where n_name = 'FRANCE'";
const t = []; const c0 = process.cpuUsage(); let t0 = performance.now();
for (let i = 0; i < 600; i++) { if (i === 200) { t0 = performance.now(); } const a = performance.now(); await db.query(sql); if (i >= 200) t.push(performance.now() - a); }
console.log(t.slice(0,60).map(x=>x.toFixed(1)).join(' ')); t.sort((a, b) => a - b); console.log('median', t[200].toFixed(2), 'p95', t[380].toFixed(2), 'cpu', process.cpuUsage(c0));
await db.close();
