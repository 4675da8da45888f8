import type Provider from 'oidc-provider';

/**
 * oidc-provider without what it writes to the terminal at import on Node 20 (unsupported runtime) and when it is made (its memory
 * forgets at a restart, as a tenant for development may): whoever starts the platform could do nothing about either. Types come from
 * the package itself.
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
