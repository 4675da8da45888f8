/** How a run ends, for scripts: the process's exit codes. */
export const EXIT_CODES = {
  /** Done, or nothing to do. */
  done: 0,
  /** Auth0 or the network failed; run the same command again. */
  failed: 1,
  /** The command line, a setting or a secret is wrong; nothing was changed. */
  usage: 2,
  /** Auth0 refused the login, or a permission is missing. */
  access: 3,
  /** Something in the tenant needs the admin's decision. */
  conflict: 4,
  /** `status` only: the Action is missing or not as it should be. */
  unhealthy: 5,
} as const;

/** Why a run ended, see {@link EXIT_CODES}. */
export type ExitReason = keyof typeof EXIT_CODES;

/** An expected failure with a message for the terminal, which never contains a secret. */
export class InstallerError extends Error {
  readonly reason: ExitReason;

  constructor(reason: ExitReason, message: string) {
    super(message);
    this.name = 'InstallerError';
    this.reason = reason;
  }
}
