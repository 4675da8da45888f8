import type { Pause } from './bring-action.ts';

/** Everything that the installer uses outside itself. */
export interface InstallerPorts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
  readonly pause: Pause;
  /** A line for standard output. */
  readonly print: (line: string) => void;
  /** A line for standard error. */
  readonly complain: (line: string) => void;
  readonly readStdin: () => Promise<string>;
  /** Asks without showing what is typed; null without a terminal. */
  readonly askSecret: ((question: string) => Promise<string>) | null;
  /** Asks for yes or no; null as above. */
  readonly askConsent: ((question: string) => Promise<boolean>) | null;
  /** The code of the Action that this checkout builds. */
  readonly buildCode: () => Promise<string>;
}
