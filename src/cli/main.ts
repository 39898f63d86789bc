#!/usr/bin/env node
import module from 'node:module';

// Where Node can (22.1 and later), it keeps the compiled code between runs, in its own folder for temporary files.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

const { runCommandLine } = await import('./command-line.js');
process.exitCode = await runCommandLine(process.argv.slice(2));
