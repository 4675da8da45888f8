import type Provider from 'oidc-provider';

/**
 * oidc-provider without what it writes to the terminal at import on Node 20 (unsupported runtime) and at construction (its in-memory
 * store is lost at a restart, as is fine for a development tenant): nothing that whoever starts the platform could change. Types come
 * from the package itself.
 */
const { warn } = console;
const silent = (): void => {};

console.warn = silent;
const library = await import('oidc-provider');
console.warn = warn;

export const { errors, interactionPolicy } = library;

export const createProvider = (...options: ConstructorParameters<typeof Provider>): Provider => {
  console.warn = silent;
  try {
    return new library.default(...options);
  } finally {
    console.warn = warn;
  }
};
