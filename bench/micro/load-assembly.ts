import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const compiler = join('node_modules', 'assemblyscript', 'bin', 'asc.js');

export interface BenchAssembly<Exports> {
  readonly exports: Exports;
  readonly memory: WebAssembly.Memory;
}

/** Compiles bench/micro/assembly/<name>.ts, unless that is done, with the flags of the engine's own kernels. */
function compile(name: string): string {
  const source = join('bench', 'micro', 'assembly', `${name}.ts`);
  const output = fileURLToPath(new URL(`./${name}.wasm`, import.meta.url));
  if (existsSync(output) && statSync(output).mtimeMs > statSync(source).mtimeMs) return output;
  const flags =
    '--runtime stub --optimizeLevel 3 --shrinkLevel 0 --noAssert --converge --importMemory --sharedMemory ' +
    '--initialMemory 1 --maximumMemory 65536 --enable simd --enable threads --enable bulk-memory --enable sign-extension';
  execFileSync(process.execPath, [compiler, source, '--outFile', output, ...flags.split(' ')], { stdio: 'inherit' });
  return output;
}

/** Kernels that only benchmarks need, over a memory of `pageCount` pages of 64 KiB. */
export function loadAssembly<Exports>(name: string, pageCount: number): BenchAssembly<Exports> {
  const memory = new WebAssembly.Memory({ initial: pageCount, maximum: 65_536, shared: true });
  const module = new WebAssembly.Module(readFileSync(compile(name)));
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return { exports: instance.exports as unknown as Exports, memory };
}
