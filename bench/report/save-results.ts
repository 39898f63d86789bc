import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { SuiteReport } from '../suite.js';

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

function describeMachine(): { name: string; cpu: string; cores: number; memoryBytes: number; node: string } {
  const cores = cpus();
  const cpu = cores[0]?.model ?? 'unknown';
  const slug = cpu
    .toLowerCase()
    .replace(/\(r\)|\(tm\)|processor|cpu/g, ' ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const name = `${slug}-${cores.length}x`;
  return { name, cpu, cores: cores.length, memoryBytes: totalmem(), node: process.version };
}

/** Adds a suite's figures to bench/results/<machine>-<commit>.json and gives the path. */
export async function saveResults(suite: string, report: SuiteReport): Promise<string> {
  const machine = describeMachine();
  const commit = git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '-dirty');
  const folder = join('bench', 'results');
  const path = join(folder, `${machine.name}-${commit}.json`);
  await mkdir(folder, { recursive: true });
  let suites: Record<string, unknown> = {};
  try {
    suites = (JSON.parse(await readFile(path, 'utf8')) as { suites: Record<string, unknown> }).suites;
  } catch {
    // The first suite saved for this commit.
  }
  suites[suite] = { measuredAt: new Date().toISOString(), ...report };
  await writeFile(path, `${JSON.stringify({ machine, commit, suites }, undefined, 2)}\n`);
  return path;
}
