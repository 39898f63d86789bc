// Runs every compiled test: build/test/**/*.test.js, or those whose path contains one of the arguments.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** To load the modules takes longer than most unit tests do: so many files of a folder share a process. */
const FILES_A_PROCESS = 8;

const root = fileURLToPath(new URL('..', import.meta.url));
const tests = join(root, 'build/test');
const groups = join(root, 'build/test-groups');
const wanted = process.argv.slice(2);
const files = readdirSync(tests, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.test.js'))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
  .sort();
const unitTests = join(tests, 'unit');
const seed = pathToFileURL(join(tests, 'support/property-seed.js')).href;
const isUnit = (path) => path.startsWith(unitTests);
const { status } = spawnSync(
  process.execPath,
  [
    '--import',
    seed,
    '--test',
    '--test-concurrency=2',
    ...files.filter((path) => !isUnit(path)),
    ...groupFiles(files.filter(isUnit)),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);

/** Files that import the given ones, which thereby run one after the other in a process. */
function groupFiles(paths) {
  rmSync(groups, { recursive: true, force: true });
  mkdirSync(groups, { recursive: true });
  return [...new Set(paths.map(dirname))].flatMap((folder) => {
    const inFolder = paths.filter((path) => dirname(path) === folder);
    const name = relative(tests, folder).replaceAll(/[\\/]/g, '-');
    return Array.from({ length: Math.ceil(inFolder.length / FILES_A_PROCESS) }, (_, group) => {
      const members = inFolder.slice(group * FILES_A_PROCESS, (group + 1) * FILES_A_PROCESS);
      const path = join(groups, `${name}-${group + 1}.test.js`);
      writeFileSync(path, members.map((member) => `import ${JSON.stringify(pathToFileURL(member).href)};\n`).join(''));
      return path;
    });
  });
}
