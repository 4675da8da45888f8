/** Name of the variable that holds how many milliseconds the clock is ahead. */
export declare const VARIABLE: string;
export declare const movedMs: number;
export declare const moveDate: (scope: typeof globalThis, aheadMs: number) => void;
