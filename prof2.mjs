import { readdirSync, readFileSync } from 'node:fs';

for (const f of readdirSync('.').filter((f) => f.endsWith('.cpuprofile'))) {
  const p = JSON.parse(readFileSync(f));
  const self = new Map();
  const dt = p.timeDeltas;
  const byId = new Map(p.nodes.map((n) => [n.id, n]));
  p.samples.forEach((id, i) => {
    const n = byId.get(id);
    const k = n.callFrame.functionName + ' ' + n.callFrame.url.split('/').pop() + ':' + n.callFrame.lineNumber;
    self.set(k, (self.get(k) ?? 0) + dt[i] / 1000);
  });
  const tot = [...self.values()].reduce((a, b) => a + b);
  console.log(f, tot.toFixed(0));
  for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 40)) console.log('  ', v.toFixed(1), k);
}
