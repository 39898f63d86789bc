import { readFileSync } from 'node:fs';
import { findCommand } from './find-command.js';
import { formatCommandHelp, formatHelp } from './help.js';
import { parseArguments } from './parse-arguments.js';
import { formatError } from './report-error.js';

const FAILED = 1;

/** Does what a command line says; the exit status is 0 only if everything was done. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  try {
    switch (name) {
      case undefined:
        process.stderr.write(formatHelp());
        return FAILED;
      case '--help':
      case '-h':
      case 'help':
        process.stdout.write(rest[0] === undefined ? formatHelp() : formatCommandHelp(findCommand(rest[0])));
        return 0;
      case '--version':
      case '-V':
        process.stdout.write(`millrace ${readVersion()}\n`);
        return 0;
    }
    const command = findCommand(name);
    const parsed = parseArguments(command, rest);
    if (parsed.has('help')) {
      process.stdout.write(formatCommandHelp(command));
      return 0;
    }
    const run = await command.load();
    return await run(parsed);
  } catch (error) {
    process.stderr.write(formatError(error));
    return FAILED;
  }
}

function readVersion(): string {
  // From dist/ the package is one level up, from build/bundle two, from build/src/cli three.
  for (const path of ['../package.json', '../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      if (name === 'millrace') return version;
    } catch {
      // one of the others
    }
  }
  return 'of unknown version';
}
