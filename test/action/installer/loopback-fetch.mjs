// Loaded before a program that speaks https only, so that it reaches a tenant on this machine, where no certificate can be had.
const realFetch = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!url.hostname.endsWith('.localhost')) throw new Error(`${url.hostname} is not on this machine`);
  url.protocol = 'http:';
  url.hostname = '127.0.0.1';
  return realFetch(url, init);
};
