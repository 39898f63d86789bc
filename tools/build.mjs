// Builds everything: AssemblyScript kernels → one .wasm, TypeScript → build/ (what tests run),
// and the bundles that ship → build/bundle and, with their declarations, dist/.   --no-bundle leaves dist/ out.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const bundle = !process.argv.includes('--no-bundle');
const run = (script, ...args) => execFileSync(process.execPath, [script, ...args], { stdio: 'inherit' });

const kernelSource = 'src/kernels/assembly';
const kernelOutput = 'build/src/kernels/kernels.wasm';

function newestChange(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  }
  return newest;
}

function buildKernels() {
  mkdirSync('build/src/kernels', { recursive: true });
  if (existsSync(kernelOutput) && statSync(kernelOutput).mtimeMs > newestChange(kernelSource)) return;
  run(
    'node_modules/assemblyscript/bin/asc.js',
    `${kernelSource}/index.ts`,
    '--outFile',
    kernelOutput,
    ...['--runtime', 'stub', '--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert'],
    ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--memoryBase', '64'],
    // v128 parameters: kernels are called by generated WebAssembly, not by JavaScript.
    ...['--disableWarning', '112'],
    ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory', '--enable', 'sign-extension'],
  );
  assertNoDataSegments(readFileSync(kernelOutput));
}

/** Kernels may not own static data: it would be written again at every instantiation, into memory others use. */
function assertNoDataSegments(bytes) {
  let position = 8;
  const readUnsigned = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[position++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (position < bytes.length) {
    const section = bytes[position++];
    const length = readUnsigned();
    if (section === 11) {
      rmSync(kernelOutput);
      throw new Error(
        'kernels.wasm has a data segment: a kernel uses a string, a static array or a throw with a message',
      );
    }
    position += length;
  }
}

/** The decisions of the SQL grammar, worked out once here instead of at every start. */
async function writeDecisions() {
  const folder = join(root, 'build/src/parser/grammar');
  const { SqlParser } = await import(pathToFileURL(join(folder, 'sql-parser.js')));
  const { encodeDecisions } = await import(pathToFileURL(join(folder, 'decision-tables.js')));
  const tables = encodeDecisions(new SqlParser({ validate: false }).decisionFunctions);
  writeFileSync(
    join(folder, 'generated-decisions.js'),
    // Parsed as JSON, which is quicker than the same as code.
    `export const generatedDecisions = JSON.parse('${JSON.stringify(tables)}');\n`,
  );
}

const WORKER_FOLDER = 'build/src/exec/worker';
const workerEntry = { 'bundled-worker': `${WORKER_FOLDER}/worker.js` };

async function bundleInto(outdir, entryPoints) {
  const { build } = await import('esbuild');
  await build({
    entryPoints,
    outdir,
    bundle: true,
    // Less to parse at start; names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: false,
    legalComments: 'linked',
    external: ['apache-arrow', 'piscina', '@bokuweb/zstd-wasm'],
    banner: {
      js: "import { createRequire as millraceCreateRequire } from 'node:module'; const require = millraceCreateRequire(import.meta.url);",
    },
  });
  copyFileSync(kernelOutput, join(outdir, 'kernels.wasm'));
}

const BUNDLE_FOLDER = 'build/bundle';

/** Bundles that share chunks. */
async function bundleAll() {
  rmSync(BUNDLE_FOLDER, { recursive: true, force: true });
  await bundleInto(BUNDLE_FOLDER, { index: 'build/src/index.js', cli: 'build/src/cli/main.js', ...workerEntry });
  chmodSync(`${BUNDLE_FOLDER}/cli.js`, 0o755);
}

/** What ships: the bundles, and declarations. */
function makePackage() {
  rmSync('dist', { recursive: true, force: true });
  cpSync(BUNDLE_FOLDER, 'dist', { recursive: true });
  const declarations = readdirSync('build/src', { recursive: true }).filter((path) => path.endsWith('.d.ts'));
  for (const path of declarations) {
    mkdirSync(join('dist/types/src', dirname(path)), { recursive: true });
    copyFileSync(join('build/src', path), join('dist/types/src', path));
  }
}

buildKernels();
run('node_modules/typescript/bin/tsc', '-p', '.');
await writeDecisions();
// Tests start hundreds of workers, which take three times as long to load their modules one by one.
await bundleInto(WORKER_FOLDER, workerEntry);
// So do the hundreds of command lines that they start.
await bundleAll();
if (bundle) makePackage();
