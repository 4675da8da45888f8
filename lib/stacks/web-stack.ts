import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { FRONT_DOOR_SECRET_HEADER } from '../../contract/api/front-door.ts';
import { PORTAL_PAGE_PATH } from '../../contract/api/portal/sign-in.ts';
import { accountWideName } from '../account-wide-name.ts';
import { asBucket } from '../constructs/as-bucket.ts';
import { callsHeaders } from '../constructs/calls-headers.ts';
import { domainRecords } from '../constructs/domain-records.ts';
import { FrontDoorSecrets } from '../constructs/front-door-secrets.ts';
import { type Page, PageSite } from '../constructs/page-site.ts';
import { PortalSignIn } from '../constructs/portal-sign-in.ts';
import { type Behavior, type DistributionRules, distributionRules, type PathBehavior } from '../distribution-rules.ts';
import { priceClassOf } from '../price-class.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data-stack.ts';

export interface WebStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
  readonly pages: readonly Page[];
  /** Certificate of `settings.domainName`; null without a domain name. */
  readonly certificateArn: string | null;
  /** Web ACL in front; null: none. */
  readonly webAclArn: string | null;
}

/** CDK's name for the set of methods in the rules. */
const methodsOf = ({ methods }: Behavior): AllowedMethods => {
  const sets = [AllowedMethods.ALLOW_GET_HEAD, AllowedMethods.ALLOW_GET_HEAD_OPTIONS, AllowedMethods.ALLOW_ALL];
  const named = sets.find((set) => set.methods.join() === methods.join());
  if (named === undefined) throw new Error(`CloudFront has no set of the methods ${methods.join()}`);
  return named;
};

/** The single public origin: CloudFront in front of the pages and of the HTTP API, whose routes and stage the service stack adds. */
export class WebStack extends Stack {
  readonly api: HttpApi;
  readonly publicOrigin: string;
  /** What functions accept as the distribution's secret. */
  readonly acceptedFrontDoorSecrets: string;
  readonly distribution: Distribution;
  readonly signIn: PortalSignIn;
  readonly #sentSecret: string;
  readonly #stage: string;

  constructor(scope: Construct, id: string, props: WebStackProps) {
    super(scope, id, props);
    const { settings, data, pages } = props;
    this.#stage = settings.stage;
    const secrets = new FrontDoorSecrets(this, 'FrontDoor', settings.frontDoorGeneration);
    this.acceptedFrontDoorSecrets = secrets.accepted;
    this.#sentSecret = secrets.sent;
    // Its stage is with its routes in the service stack: the limits of a route can only be set once the route exists.
    this.api = new HttpApi(this, 'Api', { description: 'Verified', createDefaultStage: false });
    // By its ARN: the data stack itself says who may write to it.
    const accessLogs = Bucket.fromBucketArn(this, 'AccessLogs', data.accessLogs.bucketArn);
    const rules = distributionRules(pages.map(({ name }) => name));
    const { viewerRequest } = rules.otherwise;
    const site = new PageSite(this, 'Pages', { pages, viewerRequest, accessLogs, settings });
    this.distribution = this.#makeDistribution(props, site, rules);
    this.publicOrigin = `https://${settings.domainName ?? this.distribution.distributionDomainName}`;
    this.signIn = new PortalSignIn(this, 'SignIn', { settings, publicOrigin: this.publicOrigin });
    // Last, because a protected pool stays when the creation of the stack is rolled back.
    this.signIn.node.addDependency(this.distribution);
    // Also with a domain name, which makes the service import this no longer: the service of the previous deployment still does.
    for (const value of [this.distribution.distributionDomainName, this.api.apiId]) this.exportValue(value);
    site.addJson('portal', 'config.json', this.signIn.config);
    domainRecords(this, settings, this.distribution);
    this.#say('Origin', this.publicOrigin, 'Pages and API; CAPTURE_URL of the Action');
    this.#say('Portal', `${this.publicOrigin}${PORTAL_PAGE_PATH}`, 'Where operators sign in');
    this.#say('DistributionHost', this.distribution.distributionDomainName, 'Where a domain name has to point');
    this.#say('ApiAddress', this.api.apiEndpoint, 'Address of the API itself; answers 403');
    this.#say('OperatorIssuer', this.signIn.issuer, 'Issuer of the tokens of operators');
    this.#say('OperatorAudience', this.signIn.audience, 'Audience of those tokens');
  }

  /** Printed at the end of a deployment. */
  #say(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }

  /** Behaviors by pattern, from the rules; a path that matches none gets the headers of the first page. */
  #behaviors(pages: readonly Page[], site: PageSite, { behaviors, otherwise }: DistributionRules) {
    const originAccessControl = new S3OriginAccessControl(this, 'PagesAccess', {
      originAccessControlName: accountWideName(this, this.#stage, 'pages'),
    });
    // Ids of origins and names of functions are given: CDK's own depend on where the stack is in an app.
    const files = S3BucketOrigin.withOriginAccessControl(asBucket(site.bucket), {
      originAccessControl,
      originId: 'pages',
    });
    const page = (name: string, rule: Behavior): BehaviorOptions => ({
      origin: files,
      allowedMethods: methodsOf(rule),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: site.headersOf(name),
      functionAssociations: [{ function: site.toIndex, eventType: FunctionEventType.VIEWER_REQUEST }],
    });
    const [first] = pages;
    const calls = behaviors.find(({ origin }) => origin === 'api');
    if (first === undefined || calls === undefined) throw new Error('there is no page, or no way to the API');
    const toApi = this.#callsBehavior(calls);
    const of = (rule: PathBehavior) => (rule.origin === 'api' ? toApi : page(rule.pattern.split('/')[1] ?? '', rule));
    return {
      defaultBehavior: page(first.name, otherwise),
      additionalBehaviors: Object.fromEntries(behaviors.map((rule) => [rule.pattern, of(rule)])),
    };
  }

  #makeDistribution(
    { settings, pages, webAclArn, certificateArn }: WebStackProps,
    site: PageSite,
    rules: DistributionRules,
  ) {
    return new Distribution(this, 'Distribution', {
      comment: `Verified ${settings.stage}`,
      ...this.#behaviors(pages, site, rules),
      errorResponses: Object.entries(rules.keptErrorSeconds).map(([status, seconds]) => ({
        httpStatus: Number(status),
        ttl: Duration.seconds(seconds),
      })),
      // No access logs: the query of /s/* contains a session token. The API logs route and status.
      enableLogging: false,
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: priceClassOf(settings.region),
      ...(settings.domainName === undefined || certificateArn === null
        ? {}
        : {
            domainNames: [settings.domainName],
            certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
            // CloudFront's own certificate, without a domain name, has a fixed policy.
            minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
          }),
      ...(webAclArn === null ? {} : { webAclId: webAclArn }),
    });
  }

  /** Navigations and calls: never cached, everything but the host passed on, the shared secret added. */
  #callsBehavior(rule: Behavior): BehaviorOptions {
    const address = new EdgeFunction(this, 'ViewerAddress', {
      functionName: accountWideName(this, this.#stage, 'viewer-address'),
      comment: 'Verified: the address of the viewer for the API',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(rule.viewerRequest),
    });
    return {
      origin: new HttpOrigin(`${this.api.apiId}.execute-api.${this.region}.amazonaws.com`, {
        originId: 'api',
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        readTimeout: Duration.seconds(30),
        customHeaders: { [FRONT_DOOR_SECRET_HEADER]: this.#sentSecret },
      }),
      allowedMethods: methodsOf(rule),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      compress: true,
      functionAssociations: [{ function: address, eventType: FunctionEventType.VIEWER_REQUEST }],
      responseHeadersPolicy: callsHeaders(this, this.#stage),
    };
  }
}
