import type { Certificate, Edge } from './edge-facts.ts';

/** A fact, or why it could not be read. */
export type Reading<Fact> =
  | { readonly isRead: true; readonly value: Fact }
  | {
      readonly isRead: false;
      readonly reason: string;
      /** AWS says that what the stack lists does not exist. */
      readonly isGone: boolean;
    };

/** The stage that is looked at. */
export interface Target {
  readonly stage: string;
  readonly region: string;
}

/** Whose credentials these are. */
export interface Caller {
  readonly account: string;
  /** Role or user, without the name of the session, which may be someone's e-mail address. */
  readonly principal: string;
}

/** A resource of a deployed stack: what its template says, with references unresolved, and its name in AWS. */
export interface DeployedResource {
  readonly region: string;
  readonly logicalId: string;
  readonly physicalId: string;
  /** Such as `AWS::DynamoDB::Table`. */
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface DeployedStack {
  /** The part after the stage, such as `data`. */
  readonly part: string;
  readonly name: string;
  readonly region: string;
  /** Such as `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly isProtected: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly DeployedResource[];
}

/** All stacks of a stage: those of its region, and those in the region of CloudFront's own resources. */
export interface Deployed {
  readonly region: string;
  readonly stacks: readonly DeployedStack[];
}

/** Whether Rekognition answers in a region. */
export interface RegionalService {
  readonly region: string;
  readonly isThere: boolean;
}

export interface Quotas {
  /** Concurrent Face Liveness sessions; null if Service Quotas lists no such quota. */
  readonly livenessSessions: number | null;
  readonly livenessRegion: string;
}

export interface Concurrency {
  /** Of all functions of the account in the region. */
  readonly limit: number;
  /** What no function has reserved. */
  readonly unreserved: number;
  /** By function's name; null for none. */
  readonly reserved: Readonly<Record<string, number | null>>;
}

export interface TableState {
  readonly name: string;
  readonly status: string;
  readonly isProtected: boolean;
  readonly isRecoverable: boolean;
  /** Attribute by which rows expire; null for none. */
  readonly timeToLive: string | null;
  /** ARN of the key; null for one of AWS's own. */
  readonly keyArn: string | null;
}

export interface KeyState {
  readonly id: string;
  readonly arn: string;
  /** Such as `Enabled` or `PendingDeletion`. */
  readonly state: string;
  readonly isRotated: boolean;
}

export interface BucketState {
  readonly name: string;
  readonly isPrivate: boolean;
  /** Such as `aws:kms`. */
  readonly algorithm: string;
  readonly keyArn: string | null;
  readonly isVersioned: boolean;
  /** Whether an enabled rule removes parts of uploads that never ended. */
  readonly removesParts: boolean;
}

/** What SES says of the sender; never anything about recipients. */
export interface Mail {
  /** Domain of the sender. */
  readonly domain: string;
  readonly isVerified: boolean;
  readonly isInProduction: boolean;
  readonly isSending: boolean;
}

/** The pool of operators; counts, but no user. */
export interface Pool {
  readonly managedLoginVersion: number | null;
  readonly hasStyle: boolean;
  readonly isMfaRequired: boolean;
  readonly isSignUpOpen: boolean;
  /** Whether at least one user is confirmed, enabled and has a verified e-mail address. */
  readonly hasOperator: boolean;
}

export interface AlarmState {
  readonly name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  readonly isHeard: boolean;
}

export interface Subscriptions {
  readonly confirmed: number;
  readonly pending: number;
}

/** The last day (UTC, `2026-11-28`) of which a queue has nothing left; null if housekeeping has not written one yet. */
export type DrainedDays = Readonly<Record<string, string | null>>;

/** Days by log group; null: forever. Undefined groups do not exist. */
export type Retentions = Readonly<Record<string, number | null | undefined>>;

/** Everything that is read, for the checks to judge. Null within a reading: the stage has no such part, by its settings. */
export interface Facts {
  readonly caller: Reading<Caller>;
  /** Those that were found, perhaps none. */
  readonly stacks: Reading<Deployed>;
  /** The same, unread where there is none. */
  readonly deployed: Reading<Deployed>;
  /** In every region in which the functions call it. */
  readonly rekognition: Reading<readonly RegionalService[]>;
  readonly quotas: Reading<Quotas>;
  readonly concurrency: Reading<Concurrency>;
  readonly edge: Reading<Edge>;
  /** Of the public host. */
  readonly certificate: Reading<Certificate | null>;
  readonly tables: Reading<readonly TableState[]>;
  readonly keys: Reading<readonly KeyState[]>;
  readonly buckets: Reading<readonly BucketState[]>;
  readonly mail: Reading<Mail | null>;
  readonly pool: Reading<Pool | null>;
  readonly alarms: Reading<readonly AlarmState[]>;
  readonly subscriptions: Reading<Subscriptions>;
  readonly drained: Reading<DrainedDays>;
  readonly retentions: Reading<Retentions>;
  /** The day on which all this was read, UTC. */
  readonly today: Reading<string>;
}
