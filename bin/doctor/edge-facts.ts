export interface SentHeaders {
  readonly contentSecurityPolicy: boolean;
  readonly contentTypeOptions: boolean;
  readonly frameOptions: boolean;
  readonly referrerPolicy: boolean;
  /** Seconds; null for none. */
  readonly strictTransportSecurity: number | null;
}

export interface EdgeBehavior {
  /** Such as `/api/*`; `*` for the default one. */
  readonly pattern: string;
  /** Such as `https-only`. */
  readonly viewerProtocol: string;
  /** Seconds: minimum, default and maximum; null without a cache policy. */
  readonly cacheSeconds: readonly number[] | null;
  /** Null without a response headers policy. */
  readonly headers: SentHeaders | null;
}

/** The distribution, without the values of the headers that it sends to the API: one of them is a secret. */
export interface Edge {
  readonly domainName: string;
  readonly status: string;
  readonly isEnabled: boolean;
  readonly aliases: readonly string[];
  /** Null: CloudFront's own certificate. */
  readonly certificateArn: string | null;
  readonly minimumProtocol: string;
  readonly priceClass: string;
  readonly hasWebAcl: boolean;
  /** In the order in which they are tried; the default one last. */
  readonly behaviors: readonly EdgeBehavior[];
  /** Seconds by status; a status that is missing is cached for CloudFront's default. */
  readonly errorSeconds: Readonly<Record<number, number>>;
}

export interface Certificate {
  /** Such as `ISSUED`. */
  readonly status: string;
  /** Its last day, UTC, such as `2026-11-28`; null if it was never issued. */
  readonly lastDay: string | null;
}
