import { userError } from '../common/errors.js';
import { nearestNameHint } from '../common/nearest-name.js';
import type { SessionSettings } from './session.js';
import { SETTINGS, type SettingDeclaration } from './settings-registry.js';

type Listener = (name: string, value: string) => void;

/** What holds after the transaction block that is open: without the changes of SET LOCAL, and without any at all. */
interface BlockState {
  session: ReadonlyMap<string, string>;
  readonly before: ReadonlyMap<string, string>;
  /** What held at each savepoint of the block, in their order. */
  readonly savepoints: Pick<BlockState, 'session' | 'before'>[];
}

/** The settings of one session. */
export class SettingValues implements SessionSettings {
  private readonly values = new Map<string, string>();
  private block: BlockState | undefined;
  private readonly defaults = new Map<string, string>();
  private readonly listeners: Listener[] = [];

  get(name: string): string | undefined {
    const declaration = find(name);
    if (declaration === undefined) return this.values.get(name.toLowerCase());
    return this.values.get(declaration.name) ?? this.defaultOf(declaration);
  }

  set(name: string, value: string): void {
    this.change(name, value);
    this.keepForSession(name);
  }

  /** SET LOCAL: until the transaction block ends. */
  setLocal(name: string, value: string): void {
    this.change(name, value);
  }

  beginBlock(): void {
    if (this.block === undefined) {
      this.block = { session: new Map(this.values), before: new Map(this.values), savepoints: [] };
    }
  }

  /** SET LOCAL ends with the block; what SET changed stays when it commits. */
  endBlock(outcome: 'committed' | 'rolled back'): void {
    const { block } = this;
    if (block === undefined) return;
    this.block = undefined;
    this.restore(outcome === 'committed' ? block.session : block.before);
  }

  /** SAVEPOINT: the `index`-th of those that are set. */
  keepSavepoint(index: number): void {
    if (this.block === undefined) return;
    this.block.savepoints[index] = { session: this.block.session, before: new Map(this.values) };
  }

  /** ROLLBACK TO the `index`-th savepoint. */
  rollBackTo(index: number): void {
    const kept = this.block?.savepoints[index];
    if (this.block === undefined || kept === undefined) return;
    this.block.session = kept.session;
    this.restore(kept.before);
  }

  private restore(kept: ReadonlyMap<string, string>): void {
    for (const name of new Set([...this.values.keys(), ...kept.keys()])) {
      const value = kept.get(name);
      if (value === this.values.get(name)) continue;
      if (value === undefined) this.values.delete(name);
      else this.values.set(name, value);
      this.notify(name, this.get(name) ?? '');
    }
  }

  private change(name: string, value: string): void {
    const declaration = find(name);
    if (declaration === undefined) {
      // PostgreSQL keeps any setting with a dot in its name for extensions.
      if (!name.includes('.')) throw unknownSetting(name);
      this.values.set(name.toLowerCase(), value);
      return;
    }
    if (declaration.readOnly) {
      throw userError('55P02', `parameter "${declaration.name}" cannot be changed`, {
        hint: 'Leave it out: its value is fixed.',
      });
    }
    this.assign(declaration, normalize(declaration, value));
  }

  /** What the client said when it connected: the value that RESET goes back to. */
  setDefault(name: string, value: string): void {
    const declaration = find(name);
    if (declaration === undefined || (declaration.readOnly && declaration.name !== 'session_authorization')) return;
    this.defaults.set(declaration.name, normalize(declaration, value));
  }

  reset(name: string): void {
    this.toDefault(name);
    this.keepForSession(name);
  }

  /** SET LOCAL … TO DEFAULT. */
  resetLocal(name: string): void {
    this.toDefault(name);
  }

  private toDefault(name: string): void {
    const declaration = find(name);
    if (declaration === undefined) {
      if (!this.values.delete(name.toLowerCase())) throw unknownSetting(name);
      return;
    }
    this.values.delete(declaration.name);
    this.notify(declaration.name, this.defaultOf(declaration));
  }

  resetAll(): void {
    for (const name of [...this.values.keys()]) this.reset(name);
  }

  /** All that differs from what is declared, and that a plan may depend on. */
  get ofPlans(): readonly (readonly [name: string, value: string])[] {
    return [...this.defaults, ...this.values].filter(([name]) => !find(name)?.outsidePlans);
  }

  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Name, value and description of every declared setting, as SHOW ALL lists them. */
  list(): { name: string; value: string; doc: string }[] {
    return SETTINGS.map((declaration) => ({
      name: declaration.name,
      value: this.get(declaration.name)!,
      doc: declaration.doc,
    }));
  }

  private keepForSession(name: string): void {
    const { block } = this;
    if (block === undefined) return;
    const key = find(name)?.name ?? name.toLowerCase();
    const session = new Map(block.session);
    const value = this.values.get(key);
    if (value === undefined) session.delete(key);
    else session.set(key, value);
    block.session = session;
  }

  private assign(declaration: SettingDeclaration, value: string): void {
    this.values.set(declaration.name, value);
    this.notify(declaration.name, value);
  }

  private notify(name: string, value: string): void {
    for (const listener of this.listeners) listener(name, value);
  }

  private defaultOf(declaration: SettingDeclaration): string {
    return this.defaults.get(declaration.name) ?? declaration.defaultValue;
  }
}

const byName = new Map(SETTINGS.map((declaration) => [declaration.name.toLowerCase(), declaration]));

function find(name: string): SettingDeclaration | undefined {
  return byName.get(name.toLowerCase());
}

function normalize(declaration: SettingDeclaration, value: string): string {
  const normal = declaration.normalize === undefined ? value : declaration.normalize(value);
  if (normal !== undefined) return normal;
  throw userError('22023', `invalid value for parameter "${declaration.name}": "${value}"`, { hint: declaration.doc });
}

function unknownSetting(name: string): Error {
  const hint = nearestNameHint(name, [...byName.keys()], 'SHOW ALL lists the settings.');
  return userError('42704', `unrecognized configuration parameter "${name}"`, { hint });
}
