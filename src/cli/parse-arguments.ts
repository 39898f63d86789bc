import { parseArgs } from 'node:util';
import { userError } from '../common/errors.js';
import { nearestName } from '../common/nearest-name.js';
import { CommandArguments, type CommandDeclaration } from './command.js';

/** Options and positionals behind the command's name. */
export function parseArguments(command: CommandDeclaration, args: readonly string[]): CommandArguments {
  const options = Object.fromEntries(
    command.options.map(({ name, short, value, multiple = false }) => [
      name,
      {
        type: value === undefined ? 'boolean' : 'string',
        multiple,
        ...(short === undefined ? {} : { short }),
      } as const,
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return new CommandArguments(positionals, values);
  } catch (error) {
    const message = (error as Error).message;
    const unknown = /^Unknown option '([^']+)'/.exec(message)?.[1];
    if (unknown === undefined) throw usageError(message.split('. ')[0]!, `See millrace ${command.name} --help.`);
    const names = command.options.map(({ name }) => `--${name}`);
    const nearest = nearestName(unknown, names);
    const hint = nearest === undefined ? `See millrace ${command.name} --help.` : `Did you mean "${nearest}"?`;
    throw usageError(`there is no option ${unknown}`, hint);
  }
}

/** `--var name=value`, any number of times; the last one wins. */
export function parseVariables(settings: readonly string[]): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 1) throw usageError(`--var takes name=value, not "${setting}"`);
    variables[setting.slice(0, equals)] = setting.slice(equals + 1);
  }
  return variables;
}

export function usageError(message: string, hint?: string): Error {
  return userError('22023', message, { hint });
}
