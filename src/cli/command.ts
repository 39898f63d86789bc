/** An option of the command line, declared once: how it is parsed and what `--help` says of it. */
export interface OptionDeclaration {
  readonly name: string;
  readonly short?: string;
  /** What the value is called in the help; without it the option is a switch. */
  readonly value?: string;
  readonly multiple?: boolean;
  readonly doc: string;
}

export interface CommandDeclaration {
  readonly name: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  readonly doc: string;
  readonly options: readonly OptionDeclaration[];
  readonly examples: readonly string[];
  /** Loads what the command needs, and nothing else: start-up counts. */
  readonly load: () => Promise<RunCommand>;
}

/** Returns the exit status. */
export type RunCommand = (args: CommandArguments) => Promise<number>;

/** What was written on the command line. */
export class CommandArguments {
  readonly positionals: readonly string[];
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(positionals: readonly string[], values: Readonly<Record<string, unknown>>) {
    this.positionals = positionals;
    this.values = values;
  }

  /** The option's value, the last one if it was given several times. */
  text(name: string): string | undefined {
    return this.values[name] as string | undefined;
  }

  list(name: string): readonly string[] {
    return (this.values[name] ?? []) as readonly string[];
  }

  has(name: string): boolean {
    return this.values[name] === true;
  }
}
