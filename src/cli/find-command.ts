import { nearestName } from '../common/nearest-name.js';
import type { CommandDeclaration } from './command.js';
import { COMMANDS } from './commands.js';
import { usageError } from './parse-arguments.js';

/** The command that a command line asks for. */
export function findCommand(name: string): CommandDeclaration {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const nearest = nearestName(
    name,
    COMMANDS.map((candidate) => candidate.name),
  );
  throw usageError(
    `there is no command "${name}"`,
    nearest === undefined ? 'See millrace --help.' : `Did you mean "${nearest}"?`,
  );
}
