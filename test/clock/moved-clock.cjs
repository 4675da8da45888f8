/**
 * Moves the clock of a Node process. It is preloaded by `NODE_OPTIONS=--require`, so that every process that the tests start has it (see
 * main.ts): `Date`, and the `Date` header of HTTP servers, which Node writes from its own `Date` and by which the AWS SDK corrects its
 * clock. Pages get `moveDate` too (support/chromium.ts). Timers and `performance` are unchanged.
 */
'use strict';

const http = require('node:http');

/** Milliseconds that the clock is ahead; absent or 0: it is not moved. */
const VARIABLE = 'MOVED_CLOCK_MS';
const movedMs = Number(process.env[VARIABLE] ?? 0);

/** Replaces `Date` of a global object; must not use anything outside it, since pages get its text. */
const moveDate = (scope, aheadMs) => {
  const RealDate = scope.Date;
  const now = () => RealDate.now() + aheadMs;
  const moved = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget === moved ? target : newTarget),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
  RealDate.prototype.constructor = moved;
  scope.Date = moved;
};

const moveDateHeader = () => {
  const { writeHead } = http.ServerResponse.prototype;
  http.ServerResponse.prototype.writeHead = function writeHeadLater(...values) {
    if (this.sendDate && !this.headersSent && !this.hasHeader('date')) this.setHeader('Date', new Date().toUTCString());
    return writeHead.apply(this, values);
  };
};

// A process that has it preloaded and imports it must not move the clock twice.
const DONE = Symbol.for('verified.moved-clock');
if (movedMs !== 0 && globalThis[DONE] === undefined) {
  globalThis[DONE] = true;
  moveDate(globalThis, movedMs);
  moveDateHeader();
}

module.exports = { VARIABLE, moveDate, movedMs };
