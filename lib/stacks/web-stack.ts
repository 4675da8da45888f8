import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnStage, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
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
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { FRONT_DOOR_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../contract/api/front-door.ts';
import { asBucket } from '../constructs/as-bucket.ts';
import { type Page, PageSite } from '../constructs/page-site.ts';
import { PortalSignIn } from '../constructs/portal-sign-in.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data-stack.ts';

export interface WebStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
  readonly pages: readonly Page[];
}

/** The viewer's address as the distribution sees it; a header of this name that a client sent is overwritten. */
const VIEWER_CODE = `function handler(event) {
  event.request.headers['${VIEWER_ADDRESS_HEADER}'] = { value: event.viewer.ip };
  return event.request;
}`;

/** What API Gateway notes of a request: no path and no query, since a session token travels in one. */
const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  routeKey: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
  error: '$context.error.messageString',
});

/** The one origin: CloudFront in front of the pages and of the HTTP API, whose routes the service stack adds. */
export class WebStack extends Stack {
  readonly api: HttpApi;
  readonly publicOrigin: string;
  readonly frontDoorSecret: Secret;
  readonly distribution: Distribution;
  readonly signIn: PortalSignIn;

  constructor(scope: Construct, id: string, props: WebStackProps) {
    super(scope, id, props);
    const { settings, data, pages } = props;
    this.frontDoorSecret = new Secret(this, 'FrontDoorSecret', {
      description: 'Verified: shared by the distribution and the API',
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
    });
    this.api = this.#makeApi(settings);
    const site = new PageSite(this, 'Pages', { pages, accessLogs: asBucket(data.accessLogs), settings });
    this.distribution = this.#makeDistribution(settings, site, pages);
    this.publicOrigin = `https://${settings.domainName ?? this.distribution.distributionDomainName}`;
    this.signIn = new PortalSignIn(this, 'SignIn', { settings, publicOrigin: this.publicOrigin });
  }

  #makeApi({ requestsPerSecond, logRetentionDays }: Settings): HttpApi {
    const api = new HttpApi(this, 'Api', { description: 'Verified', createDefaultStage: true });
    const logs = new LogGroup(this, 'ApiLogs', {
      retention: logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = api.defaultStage?.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error('the HTTP API has no default stage');
    stage.accessLogSettings = { destinationArn: logs.logGroupArn, format: ACCESS_LOG_FORMAT };
    stage.defaultRouteSettings = {
      throttlingRateLimit: requestsPerSecond,
      throttlingBurstLimit: requestsPerSecond * 2,
      detailedMetricsEnabled: true,
    };
    return api;
  }

  #makeDistribution(settings: Settings, site: PageSite, pages: readonly Page[]): Distribution {
    const files = S3BucketOrigin.withOriginAccessControl(asBucket(site.bucket));
    const calls = this.#callsBehaviour();
    const page = (name: string): BehaviorOptions => ({
      origin: files,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: site.headersOf(name),
      functionAssociations: [{ function: site.toIndex, eventType: FunctionEventType.VIEWER_REQUEST }],
    });
    const [first] = pages;
    if (first === undefined) throw new Error('there is no page');
    return new Distribution(this, 'Distribution', {
      comment: `Verified ${settings.stage}`,
      defaultBehavior: page(first.name),
      additionalBehaviors: {
        '/api/*': calls,
        '/s/*': calls,
        ...Object.fromEntries(pages.map(({ name }) => [`/${name}/*`, page(name)])),
      },
      // No access logs: a session token travels in the query of /s/*. The API notes routes and status.
      enableLogging: false,
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      ...(settings.domainName === undefined || settings.certificateArn === undefined
        ? {}
        : {
            domainNames: [settings.domainName],
            certificate: Certificate.fromCertificateArn(this, 'Certificate', settings.certificateArn),
            // CloudFront's own certificate, without a domain name, has a fixed policy.
            minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
          }),
      ...(settings.webAclArn === undefined ? {} : { webAclId: settings.webAclArn }),
    });
  }

  /** Navigations and calls: never cached, everything but the host handed on, the shared secret added. */
  #callsBehaviour(): BehaviorOptions {
    const address = new EdgeFunction(this, 'ViewerAddress', {
      comment: 'Verified: the address of the viewer for the API',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(VIEWER_CODE),
    });
    return {
      origin: new HttpOrigin(`${this.api.apiId}.execute-api.${this.region}.amazonaws.com`, {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        readTimeout: Duration.seconds(30),
        customHeaders: { [FRONT_DOOR_SECRET_HEADER]: this.frontDoorSecret.secretValue.unsafeUnwrap() },
      }),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      compress: true,
      functionAssociations: [{ function: address, eventType: FunctionEventType.VIEWER_REQUEST }],
    };
  }
}
