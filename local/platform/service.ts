import type { PortalConfig } from '../../contract/api/portal/sign-in.ts';
import { capturePageHeaders } from '../../web/capture/security-headers.ts';
import { demoCameraFiles } from '../demo-camera/demo-camera-files.ts';
import type { EdgeRules } from '../edge/edge-rules.ts';
import { type JwtAuthorizerOptions, jwtAuthorizer } from '../edge/jwt-authorizer.ts';
import { type LocalNames, localizeHeaders } from '../edge/local-names.ts';
import { startEdge } from '../edge/start-edge.ts';
import type { RateLimits } from '../edge/throttle.ts';
import { startSchedule } from '../schedule/start-schedule.ts';
import { LIVENESS_REGION } from './aws-resources.ts';
import type { Built, PageHeaders } from './built.ts';
import type { portalOf } from './portal.ts';
import type { Ports } from './ports.ts';
import type { RunningParts } from './running-parts.ts';

/** A minute in AWS; here nobody wants to wait for an e-mail. */
const HOUSEKEEPING_EVERY_MS = 2000;

/** How the edge is configured. */
export interface EdgeSettings {
  /** What the distribution sends to the API, and the functions accept. */
  readonly frontDoorSecret: string;
  readonly headers: PageHeaders;
  readonly portalConfig: PortalConfig;
  readonly authorizer: JwtAuthorizerOptions;
  /** Default: the rules that are deployed, without headers, which the pages then bring themselves. */
  readonly rules?: EdgeRules;
  /** Default: none. */
  readonly rateLimits?: RateLimits;
}

export interface ServiceOptions {
  readonly ports: Ports;
  readonly edge: EdgeSettings;
  readonly names: LocalNames;
  readonly rekognitionUrl: string;
  readonly report: (line: string) => void;
  readonly build: (headers: PageHeaders) => Promise<Built>;
}

/** Names of AWS and of the tenant that pages contain, and where they are here. @param tenantHost without port */
export const localNamesOf = (tenantHost: string, ports: Ports, rekognitionUrl: string): LocalNames => ({
  origins: [
    { from: `https://${tenantHost}/`, to: `http://${tenantHost}:${ports.tenant}/` },
    {
      from: `wss://streaming-rekognition.${LIVENESS_REGION}.amazonaws.com`,
      to: rekognitionUrl.replace('http:', 'ws:'),
    },
  ],
});

/** The edge's settings without a deployment: what the sources say. */
export const edgeSettings = (
  frontDoorSecret: string,
  portal: ReturnType<typeof portalOf>,
  names: LocalNames,
): EdgeSettings => ({
  frontDoorSecret,
  headers: {
    capture: (path) => localizeHeaders(capturePageHeaders({ livenessRegion: LIVENESS_REGION, path }), names),
    portal: portal.headers,
  },
  portalConfig: portal.config,
  authorizer: portal.authorizer,
});

/** The Lambdas behind the local edge, and what AWS's scheduler runs. */
export const startService = async (parts: RunningParts, service: ServiceOptions) => {
  const { ports, edge: settings, names, rekognitionUrl, report } = service;
  const { headers, rules } = settings;
  const [built, localFiles] = await Promise.all([parts.add(service.build(headers)), demoCameraFiles(rekognitionUrl)]);
  const { functions, pages } = built;
  report(`Action (${Math.round(built.action.bytes / 1000)} kB) and pages built`);
  await parts.add(startSchedule({ run: () => functions().housekeeping(), everyMs: HOUSEKEEPING_EVERY_MS }));
  const edge = await parts.add(
    startEdge({
      port: ports.verified,
      frontDoorSecret: settings.frontDoorSecret,
      lambdas: () => functions().handlers,
      routes: () => functions().routes,
      rateLimits: settings.rateLimits,
      ...(rules === undefined ? {} : { rules }),
      front: built.front,
      capturePages: pages.capture,
      captureHeaders: headers.capture,
      names: () => names,
      portal: { pages: pages.portal, headers: headers.portal, config: settings.portalConfig },
      authorize: jwtAuthorizer(settings.authorizer),
      localFiles,
    }),
  );
  report('Verified: API, capture page and portal');
  return { edge, built };
};
