import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
/** Not ours, or not in the repository. */
const leftOut = new Set(['node_modules', 'build', 'dist', 'data', '.git']);

function listDocuments(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return leftOut.has(entry.name) ? [] : listDocuments(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** The text without what only looks like links and headings. */
function readProse(path: string): string {
  return readFileSync(path, 'utf8').replaceAll(/^ *```[\s\S]*?^ *```$|`[^`\n]*`/gm, (code) =>
    code.startsWith('`') && !code.includes('\n') ? code.replaceAll(/[[\]()]/g, '') : '',
  );
}

/** The anchors that GitHub gives to the headings of a document. */
function anchorsOf(path: string): Set<string> {
  const headings = readProse(path).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

const documents = listDocuments(root);

test('relative links of all documents lead to files, and their anchors to headings', () => {
  const broken: string[] = [];
  for (const document of documents) {
    for (const [, link] of readProse(document).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link!)) continue;
      const [path = '', anchor] = link!.split('#');
      const target = path === '' ? document : resolve(dirname(document), path);
      const isThere = existsSync(target) && (anchor === undefined || anchorsOf(target).has(anchor));
      if (!isThere) broken.push(`${relative(root, document)}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('every room of src has a README', () => {
  const source = join(root, 'src');
  const rooms = readdirSync(source).filter((name) => statSync(join(source, name)).isDirectory());
  assert.deepEqual(
    rooms.filter((room) => !existsSync(join(source, room, 'README.md'))),
    [],
  );
});

test('the index of decisions lists every decision, and they are numbered without gaps', () => {
  const folder = join(root, 'docs/adr');
  const decisions = readdirSync(folder).filter((name) => name !== 'README.md');
  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  for (const [at, name] of decisions.sort().entries()) {
    assert.ok(name.startsWith(`${String(at + 1).padStart(4, '0')}-`), `${name} is out of sequence`);
    assert.ok(index.includes(`(${name})`), `${name} is not in the index`);
  }
});
