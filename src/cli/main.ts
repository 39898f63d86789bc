#!/usr/bin/env node
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';

// Where Node can (22.1 and later), it keeps the compiled code between runs, in its own folder for temporary files.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

// Node 20 compiles what runs a few times a query, as most of our JavaScript does, as if it ran all the time, in each worker: later
// is a third less processor time for the first query (`npm run bench -- cold`). Later versions have a compiler for it.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=500000');

const { runCommandLine } = await import('./command-line.js');
process.exitCode = await runCommandLine(process.argv.slice(2));
