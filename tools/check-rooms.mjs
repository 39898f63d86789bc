// Imports between the rooms of src/ run one way: a room may import the rooms before it in this list, and itself.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const rooms = [
  'common',
  'types',
  'vector',
  'kernels',
  'functions',
  'storage',
  'catalog',
  'planner',
  'exec',
  'session',
  'server',
  'cli',
];
const exceptions = {
  parser: ['common', 'types'],
  storage: ['common', 'types', 'vector', 'kernels'],
  api: [...rooms.filter((room) => room !== 'cli'), 'parser'],
  index: [...rooms.filter((room) => room !== 'cli'), 'parser', 'api'],
  cli: [...rooms, 'parser', 'api', 'index'],
};
const usesParser = new Set(['planner', 'session', 'server', 'api', 'cli', 'index', 'catalog']);
/** Rooms that will run in a browser one day: no `node:` modules. */
const portable = new Set(['common', 'types', 'vector', 'functions', 'planner', 'parser']);

const source = fileURLToPath(new URL('../src', import.meta.url));
const roomOf = (path) =>
  relative(source, path)
    .split(/[\\/]/)[0]
    .replace(/\.[jt]s$/, '');
let failures = 0;
for (const entry of readdirSync(source, { withFileTypes: true, recursive: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  if (!entry.isFile() || !path.endsWith('.ts') || path.includes('assembly')) continue;
  const room = roomOf(path);
  const allowed = new Set(exceptions[room] ?? rooms.slice(0, rooms.indexOf(room)));
  allowed.add(room);
  if (usesParser.has(room)) allowed.add('parser');
  for (const [, specifier] of readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    if (specifier.startsWith('node:') && portable.has(room)) {
      console.error(`${relative(source, path)}: ${room} may not import ${specifier}`);
      failures++;
    }
    if (!specifier.startsWith('.')) continue;
    const target = roomOf(resolve(dirname(path), specifier));
    if (!allowed.has(target)) {
      console.error(`${relative(source, path)}: ${room} may not import ${target} (${specifier})`);
      failures++;
    }
  }
}
if (failures > 0) process.exit(1);
