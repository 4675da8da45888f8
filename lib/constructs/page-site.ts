import { Annotations, RemovalPolicy } from 'aws-cdk-lib';
import {
  Function as EdgeFunction,
  FunctionCode,
  FunctionRuntime,
  ResponseHeadersPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { accountWideName } from '../account-wide-name.ts';
import type { Settings } from '../settings.ts';
import { asBucket } from './as-bucket.ts';
import { securityHeaders } from './security-headers.ts';

/** One page of the product: its built files, its path, and the headers that it was tested with. */
export interface Page {
  /** First part of the path, e.g. `capture`. */
  readonly name: string;
  /** Folder of the built files. */
  readonly folder: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers that have their own property in a CloudFront policy; all others are custom headers. */
const NATIVE = ['content-security-policy', 'referrer-policy', 'x-content-type-options', 'strict-transport-security'];

const policyFor = (scope: Construct, stage: string, { name, headers }: Page): ResponseHeadersPolicy => {
  const csp = headers['content-security-policy'];
  if (csp === undefined) throw new Error(`the page ${name} has no content security policy`);
  // The files themselves say how long they are cached.
  const custom = Object.entries(headers).filter(([header]) => !NATIVE.includes(header) && header !== 'cache-control');
  return new ResponseHeadersPolicy(scope, `${name}Headers`, {
    responseHeadersPolicyName: accountWideName(scope, stage, name),
    comment: `Verified: ${name} page`,
    securityHeadersBehavior: securityHeaders(csp, true),
    customHeadersBehavior: {
      customHeaders: custom.map(([header, value]) => ({ header, value, override: true })),
    },
  });
};

export interface PageSiteProps {
  readonly pages: readonly Page[];
  /** Source of the function that maps paths of a page to its files. */
  readonly viewerRequest: string;
  readonly accessLogs: IBucket;
  readonly settings: Pick<Settings, 'stage' | 'logRetentionDays'>;
}

/** The built pages in a private bucket, with one response-headers policy per page. */
export class PageSite extends Construct {
  readonly bucket: Bucket;
  readonly toIndex: EdgeFunction;
  readonly #logs: LogGroup;
  readonly #policies = new Map<string, ResponseHeadersPolicy>();

  constructor(scope: Construct, id: string, props: PageSiteProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      serverAccessLogsBucket: props.accessLogs,
      serverAccessLogsPrefix: 'pages/',
      // Rebuilt by every deployment.
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
    Annotations.of(this.bucket).acknowledgeWarning(
      '@aws-cdk/aws-s3:accessLogsPolicyNotAdded',
      'The data stack, whose bucket it is, says who may write.',
    );
    this.toIndex = new EdgeFunction(this, 'ToIndex', {
      functionName: accountWideName(this, props.settings.stage, 'page-paths'),
      comment: 'Verified: paths of a page are its one document',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(props.viewerRequest),
    });
    this.#logs = new LogGroup(this, 'DeploymentLogs', {
      retention: props.settings.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const page of props.pages) {
      this.#policies.set(page.name, policyFor(this, props.settings.stage, page));
      this.#deploy(page, this.#logs);
    }
  }

  headersOf(page: string): ResponseHeadersPolicy {
    const policy = this.#policies.get(page);
    if (policy === undefined) throw new Error(`there is no page ${page}`);
    return policy;
  }

  /** A file with values that only this deployment knows, e.g. `config.json` of the portal. */
  addJson(page: string, name: string, content: object): void {
    new BucketDeployment(this, `${page}Json`, {
      destinationBucket: asBucket(this.bucket),
      destinationKeyPrefix: page,
      prune: false,
      logGroup: this.#logs,
      sources: [Source.jsonData(name, content)],
      cacheControl: [CacheControl.fromString('no-cache')],
    });
  }

  /** Files with a hash in their name first, then the document that refers to them, so that no page ever lacks its parts. */
  #deploy({ name, folder }: Page, logGroup: LogGroup): void {
    const common = {
      destinationBucket: asBucket(this.bucket),
      destinationKeyPrefix: name,
      prune: false,
      memoryLimit: 512,
      logGroup,
    };
    const assets = new BucketDeployment(this, `${name}Assets`, {
      ...common,
      sources: [Source.asset(folder, { exclude: ['*', '!assets', '!assets/*'] })],
      cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
    });
    const rest = new BucketDeployment(this, `${name}Rest`, {
      ...common,
      sources: [Source.asset(folder, { exclude: ['assets'] })],
      cacheControl: [CacheControl.fromString('no-cache')],
    });
    rest.node.addDependency(assets);
  }
}
