import { findSetting } from './action-settings.ts';
import type { SecretSource } from './desired-action.ts';
import { InstallerError } from './installer-error.ts';

/** Names under which secrets are read from the environment or from standard input. */
const SOURCE_NAMES: Readonly<Record<string, string>> = {
  SESSION_SECRET: 'VERIFIED_SESSION_SECRET',
  SESSION_SECRET_PREVIOUS: 'VERIFIED_SESSION_SECRET_PREVIOUS',
  AUTH0_CLIENT_SECRET: 'AUTH0_CLIENT_SECRET',
  AUTH0_ACCESS_TOKEN: 'AUTH0_ACCESS_TOKEN',
};

/**
 * Reads `NAME=value` lines of standard input; empty lines and `#` comments are skipped.
 * @throws InstallerError `usage` with the line's number, never its text
 */
export const parseSecretLines = (text: string): ReadonlyMap<string, string> => {
  const known = new Set(Object.values(SOURCE_NAMES));
  const secrets = new Map<string, string>();
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '' || line.trim().startsWith('#')) return;
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(at, 0)).trim();
    if (!known.has(name)) {
      throw new InstallerError('usage', `Standard input, line ${index + 1}: not one of ${[...known].join(', ')}.`);
    }
    secrets.set(name, line.slice(at + 1).trim());
  });
  return secrets;
};

/** Where secrets may come from. */
export interface SecretInput {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Lines of standard input, already read; null unless requested. */
  readonly lines: ReadonlyMap<string, string> | null;
  /** Asks at the terminal without showing what is typed; null without a terminal. */
  readonly ask: ((question: string) => Promise<string>) | null;
}

/** Secrets from standard input first, then the environment, then a question. Every value is passed to `onSecret` first. */
export const secretSource = (input: SecretInput, onSecret: (value: string) => void): SecretSource => {
  const answers = new Map<string, string>();
  const given = (name: string): string | undefined => {
    const source = SOURCE_NAMES[name] ?? name;
    const value = (answers.get(name) ?? input.lines?.get(source) ?? input.environment[source])?.trim();
    if (value === undefined || value === '') return undefined;
    onSecret(value);
    return value;
  };
  const require = async (name: string): Promise<string> => {
    const value = given(name);
    if (value !== undefined) return value;
    const source = SOURCE_NAMES[name] ?? name;
    if (input.ask === null) {
      throw new InstallerError('usage', `${source} is needed: set it in the environment, or use --secrets-stdin.`);
    }
    const answer = (await input.ask(`${findSetting(name)?.label ?? source}:`)).trim();
    onSecret(answer);
    answers.set(name, answer);
    return answer;
  };
  return { given, require };
};
