import { distributionRules, KEPT_ERRORS } from '../../../lib/distribution-rules.ts';
import { priceClassOf } from '../../../lib/price-class.ts';
import { isWebAclDeclared } from '../declared.ts';
import type { Edge, SentHeaders } from '../edge-facts.ts';
import { type Check, check, fault, listed, note, ok } from './check.ts';

/** What leads to the API. */
const CALLS = distributionRules().behaviors.flatMap(({ pattern, origin }) => (origin === 'api' ? [pattern] : []));
/** ACM renews its certificates earlier (ACM user guide, "Managed certificate renewal"). */
const LEAST_DAYS = 30;
const DAY_MS = 86_400_000;
const YEAR_SECONDS = 31_536_000;
const DEPLOY_WEB =
  'Someone changed the distribution by hand: deploy the web stack again, or undo the change in the console.';

/** Each contains the edge locations of those before it. */
const PRICE_CLASSES = ['PriceClass_100', 'PriceClass_200', 'PriceClass_All'];

const missingHeaders = (headers: SentHeaders | null): boolean =>
  headers === null ||
  !headers.contentSecurityPolicy ||
  !headers.contentTypeOptions ||
  !headers.frameOptions ||
  !headers.referrerPolicy ||
  (headers.strictTransportSecurity ?? 0) < YEAR_SECONDS;

const patternsOf = (behaviors: Edge['behaviors']): string => listed(behaviors.map(({ pattern }) => pattern));

const judgeDomain = (edge: Edge, origin: string) => {
  const host = URL.canParse(origin) ? new URL(origin).hostname : '';
  if (host === '' || host === edge.domainName) return ok(`${edge.domainName}, with CloudFront's certificate`);
  if (!edge.aliases.includes(host)) {
    return fault(`${host} is no alias`, 'CloudFront refuses requests for that host.', DEPLOY_WEB);
  }
  if (!edge.certificateArn?.includes(':acm:us-east-1:')) {
    return fault(
      'no certificate of us-east-1',
      `Browsers refuse ${host} with CloudFront's own certificate.`,
      'Set certificateArn (ACM, in us-east-1) and deploy.',
    );
  }
  if (/^TLSv1\.(2_202|3)/.test(edge.minimumProtocol)) return ok(`${host}, ${edge.minimumProtocol}`);
  return fault(`${edge.minimumProtocol || 'no minimum'}`, 'Older versions of TLS are accepted.', DEPLOY_WEB);
};

export const EDGE: readonly Check[] = [
  check('distribution', 'The distribution is enabled and deployed', ['edge'], ({ edge }) => {
    if (!edge.isEnabled) return fault('disabled', 'Nobody reaches the service.', DEPLOY_WEB);
    if (edge.status === 'Deployed') return ok(edge.domainName);
    return note(edge.status, 'CloudFront is still carrying a change to its edge locations.');
  }),
  check('calls-uncached', '/api and /s are never cached, and need HTTPS', ['edge'], ({ edge }) => {
    const calls = edge.behaviors.filter(({ pattern }) => CALLS.includes(pattern));
    const missing = CALLS.filter((pattern) => !calls.some((call) => call.pattern === pattern));
    const cached = calls.filter(({ cacheSeconds }) => cacheSeconds === null || cacheSeconds.some((time) => time > 0));
    const plain = calls.filter(({ viewerProtocol }) => viewerProtocol !== 'https-only');
    if (missing.length > 0) {
      return fault(`no behavior for ${listed(missing)}`, 'These requests go to the bucket of the pages.', DEPLOY_WEB);
    }
    if (cached.length > 0) {
      return fault(`cached: ${patternsOf(cached)}`, "One user's answer is given to another.", DEPLOY_WEB);
    }
    if (plain.length === 0) return ok('0 seconds');
    return fault(`without HTTPS: ${patternsOf(plain)}`, 'Session cookies would travel unencrypted.', DEPLOY_WEB);
  }),
  check('errors-uncached', 'No error is cached', ['edge'], ({ edge }) => {
    const kept = KEPT_ERRORS.filter((status) => edge.errorSeconds[status] !== 0);
    if (kept.length === 0) return ok('0 seconds');
    return fault(
      listed(kept.map((status) => `${status}: ${edge.errorSeconds[status] ?? 10} s`)),
      "One user's refusal, or an outage that has ended, is given to everyone who asks for the same path.",
      DEPLOY_WEB,
    );
  }),
  check('response-headers', 'Every path has the security headers', ['edge'], ({ edge }) => {
    const bare = edge.behaviors.filter(({ headers }) => missingHeaders(headers));
    if (bare.length === 0) return ok(`${edge.behaviors.length} behaviors`);
    return fault(
      `missing or weak: ${patternsOf(bare)}`,
      'Pages could be framed, run foreign scripts, or be loaded without HTTPS.',
      DEPLOY_WEB,
    );
  }),
  check('domain', 'The public host has its alias, certificate and TLS 1.2', ['edge', 'deployed'], (read) =>
    judgeDomain(read.edge, read.deployed.stacks.find(({ part }) => part === 'web')?.outputs['Origin'] ?? ''),
  ),
  check(
    'certificate',
    `The certificate is issued, for ${LEAST_DAYS} days or more`,
    ['certificate', 'today'],
    (read) => {
      const { certificate, today } = read;
      if (certificate === null) return ok("CloudFront's own");
      const { status, lastDay } = certificate;
      const days = lastDay === null ? 0 : Math.floor((Date.parse(lastDay) - Date.parse(today)) / DAY_MS);
      if (status === 'ISSUED' && days >= LEAST_DAYS) return ok(`until ${lastDay}`);
      return fault(
        status === 'ISSUED' ? `until ${lastDay}` : status,
        'From then on browsers refuse the service, and no login passes the face check. ACM should have renewed it by now.',
        'In ACM (us-east-1): restore the DNS record that proves the host, or import a new certificate.',
      );
    },
  ),
  check('price-class', 'Edge locations near the stage are in use', ['edge', 'deployed'], ({ edge, deployed }) => {
    const wanted = PRICE_CLASSES.indexOf(priceClassOf(deployed.region));
    if (PRICE_CLASSES.indexOf(edge.priceClass) >= wanted) return ok(edge.priceClass);
    return fault(
      edge.priceClass,
      `It has no edge locations around ${deployed.region}: every request takes the way over another continent.`,
      DEPLOY_WEB,
    );
  }),
  check('web-acl', 'The web ACL that was deployed is in front', ['edge', 'deployed'], ({ edge, deployed }) => {
    const isDeclared = isWebAclDeclared(deployed);
    if (edge.hasWebAcl === isDeclared) return ok(isDeclared ? 'in front' : 'none, as deployed');
    if (!isDeclared) return note('one that was not deployed', 'The next deployment of the web stack removes it.');
    return fault('none', 'Nothing limits what one address may request.', DEPLOY_WEB);
  }),
];
