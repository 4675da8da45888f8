import { type Destinations, publicDestinations } from '../../lambdas/core/webhooks/destination.ts';

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\]|[a-z0-9-]+\.localhost)$/;

/** On a developer's machine webhooks may also call that machine, over plain HTTP and on any port. */
export const localDestinations: Destinations = {
  faultOf: (url) => {
    const isLocal = URL.canParse(url) && LOOPBACK_HOST.test(new URL(url).hostname);
    return isLocal && /^https?:/.test(url) ? null : publicDestinations.faultOf(url);
  },
  mayConnect: (address) => /^(127\.\d+\.\d+\.\d+|::1)$/.test(address) || publicDestinations.mayConnect(address),
};
