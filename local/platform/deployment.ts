import type { CredentialStore } from '../aws-wire/credentials.ts';
import type { LocalNames } from '../edge/local-names.ts';
import type { AwsResources } from './aws-resources.ts';
import type { Built } from './built.ts';
import type { EdgeSettings } from './service.ts';

/** What a deployment is made for. */
export interface DeploymentSite {
  /** e.g. `http://verified.localhost:4001` */
  readonly publicOrigin: string;
  /** Of the tenant, at which operators sign in. */
  readonly issuer: string;
  /** The portal's client there. */
  readonly audience: string;
  readonly portalSignUp: 'open' | 'closed';
}

/** The service as its templates have it, in place of what the platform decides itself. */
export interface Deployment {
  readonly resources: AwsResources;
  /** @param names for the headers of pages */
  readonly edge: (names: LocalNames) => EdgeSettings;
  /** Starts nothing yet: functions start when they are called. @param credentials of which each function gets its own */
  readonly build: (credentials: CredentialStore) => Promise<Built>;
  close(): Promise<void>;
}
