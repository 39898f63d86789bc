import type { CommandDeclaration } from './command.js';
import { COMMANDS } from './commands.js';

const WIDTH = 80;

export function formatHelp(): string {
  const commands = COMMANDS.map(({ name, usage, doc }) => `  millrace ${`${name} ${usage}`.padEnd(26)}${doc}`);
  return [
    'Millrace: SQL over Parquet data lakes.',
    '',
    ...commands.flatMap((line) => wrap(line, 37)),
    '',
    '  millrace COMMAND --help           What a command takes.',
    '  millrace --version',
    '',
  ].join('\n');
}

export function formatCommandHelp({ name, usage, doc, options, examples }: CommandDeclaration): string {
  const labels = options.map(
    (option) =>
      `  ${option.short === undefined ? '    ' : `-${option.short}, `}--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`,
  );
  const column = Math.max(...labels.map((label) => label.length)) + 2;
  const lines = options.flatMap((option, index) => wrap(labels[index]!.padEnd(column) + option.doc, column));
  return [
    `millrace ${name} ${usage} [options]`.replace('  ', ' '),
    '',
    ...wrap(doc, 0),
    '',
    ...lines,
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

/** Breaks a line at blanks; what follows is indented. Labels are shorter than their indent, so they stay whole. */
function wrap(line: string, indent: number): string[] {
  if (line.length <= WIDTH) return [line];
  const end = line.lastIndexOf(' ', WIDTH);
  if (end <= indent) return [line];
  return [line.slice(0, end), ...wrap(' '.repeat(indent) + line.slice(end + 1), indent)];
}
