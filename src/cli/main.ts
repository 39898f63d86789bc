#!/usr/bin/env node
import module from 'node:module';
import { delayOptimisation } from './delay-optimisation.js';

// Where Node can (22.1 and later), it keeps the compiled code between runs, in its own folder for temporary files.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

delayOptimisation();

const { runCommandLine } = await import('./command-line.js');
process.exitCode = await runCommandLine(process.argv.slice(2));
