/**
 * Shifts this process's clock ahead for everything that runs in it, including the whole local platform. Browsers, child processes and
 * timers keep theirs.
 */
export const shiftClock = () => {
  const Real = Date;
  let aheadMs = 0;
  class ShiftedDate extends Real {
    constructor(...parts: [] | [number | string | Date]) {
      super(parts.length === 0 ? Real.now() + aheadMs : parts[0]);
    }
    static override now(): number {
      return Real.now() + aheadMs;
    }
  }
  globalThis.Date = ShiftedDate as DateConstructor;
  return {
    pass: (seconds: number): void => {
      aheadMs += seconds * 1000;
    },
    restore: (): void => {
      globalThis.Date = Real;
    },
  };
};
