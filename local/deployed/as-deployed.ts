import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildAction } from '../../action/tools/build.ts';
import { PORTAL_PAGE_PATH, PortalConfig } from '../../contract/api/portal/sign-in.ts';
import { buildPages } from '../../web/build.ts';
import { ACCOUNT_ID, type CredentialStore } from '../aws-wire/credentials.ts';
import type { AccessControl } from '../aws-wire/iam/access-control.ts';
import type { EdgeBehavior, EdgeRules } from '../edge/edge-rules.ts';
import { type LocalNames, localize } from '../edge/local-names.ts';
import { LIVENESS_REGION, NOTICE_SENDER, REGION } from '../platform/aws-resources.ts';
import type { Built } from '../platform/built.ts';
import type { Deployment, DeploymentSite } from '../platform/deployment.ts';
import type { EdgeSettings } from '../platform/service.ts';
import { FunctionHosts } from './function-hosts.ts';
import { type LocalDeployment, readDeployment } from './read-deployment.ts';
import { type Assembly, type GivenSettings, synthesize } from './synthesize.ts';
import { type DeployedSite, uploadSite } from './upload-site.ts';

const withTls = (address: string): string => address.replace(/^http:/, 'https:');

/** There is no TLS on this machine: what templates name by `https:` is here at the same host and port without it. */
const withoutTls = ({ publicOrigin, issuer }: DeploymentSite): LocalNames => ({
  origins: [publicOrigin, new URL(issuer).origin].map((origin) => ({ from: withTls(origin), to: origin })),
});

/** The settings of a stage that has this machine's tenant as issuer. */
const settingsOf = ({ issuer, audience, portalSignUp }: DeploymentSite): GivenSettings => ({
  stage: 'local',
  region: REGION,
  livenessRegion: LIVENESS_REGION,
  account: ACCOUNT_ID,
  noticeSender: NOTICE_SENDER,
  oidcIssuer: withTls(issuer),
  oidcAudience: audience,
  portalSignUp: portalSignUp === 'open' ? 'on' : 'off',
});

const localizeRules = (rules: EdgeRules, names: LocalNames): EdgeRules => {
  const local = <One extends EdgeBehavior>(behavior: One): One => ({
    ...behavior,
    responseHeaders: (behavior.responseHeaders ?? []).map((one) => ({ ...one, value: localize(one.value, names) })),
  });
  return { ...rules, behaviors: rules.behaviors.map(local), otherwise: local(rules.otherwise) };
};

/** Everything that is read and uploaded before anything runs. */
interface Prepared {
  readonly site: DeploymentSite;
  readonly assembly: Assembly;
  readonly read: LocalDeployment;
  readonly uploaded: DeployedSite;
  readonly portalConfig: PortalConfig;
}

const prepare = async (site: DeploymentSite, assembly: Assembly): Promise<Prepared> => {
  const { stacks, folder } = assembly;
  const read = readDeployment(assembly, { region: REGION, distributionHost: new URL(site.publicOrigin).host });
  const uploaded = await uploadSite(stacks, read.resolver, folder, join(folder, 'site'));
  const config = await readFile(join(uploaded.folder, PORTAL_PAGE_PATH, 'config.json'), 'utf8');
  const portalConfig = PortalConfig.parse(JSON.parse(localize(config, withoutTls(site))));
  return { site, assembly, read, uploaded, portalConfig };
};

/** A deployment on this machine; tests look at its functions and at who may do what. */
export class RunningDeployment implements Deployment {
  readonly resources: LocalDeployment['resources'];
  readonly #prepared: Prepared;
  #hosts: FunctionHosts | null = null;
  #access: AccessControl | null = null;

  private constructor(prepared: Prepared) {
    this.#prepared = prepared;
    const { resources } = prepared.read;
    this.resources = {
      ...resources,
      putAccess: (access) => {
        this.#access = access;
        resources.putAccess(access);
      },
    };
  }

  /**
   * Builds, synthesizes and reads; nothing runs yet.
   * @throws StartError without CDK; Error or z.ZodError for what the local parts would not do as AWS does
   */
  static async create(site: DeploymentSite): Promise<RunningDeployment> {
    await Promise.all([buildAction(), buildPages()]);
    const assembly = await synthesize(settingsOf(site));
    try {
      return new RunningDeployment(await prepare(site, assembly));
    } catch (error) {
      await assembly.remove();
      throw error;
    }
  }

  get functions(): FunctionHosts {
    if (this.#hosts === null) throw new Error('the functions are not built');
    return this.#hosts;
  }

  get access(): AccessControl {
    if (this.#access === null) throw new Error('nothing is started that would ask for permissions');
    return this.#access;
  }

  /** ARN of a function's role. */
  roleOf(name: string): string {
    const found = this.#prepared.read.functions.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no function ${name}`);
    return found.roleArn;
  }

  edge(names: LocalNames): EdgeSettings {
    const { site, read, uploaded, portalConfig } = this.#prepared;
    const local: LocalNames = { origins: [...withoutTls(site).origins, ...names.origins] };
    const { distribution, rateLimits, authorizer } = read;
    const fileHeaders = (path: string): Readonly<Record<string, string>> => {
      const value = uploaded.cacheControl.get(path);
      return value === undefined ? {} : { 'cache-control': value };
    };
    return {
      frontDoorSecret: distribution.frontDoorSecret,
      headers: { capture: fileHeaders, portal: fileHeaders },
      portalConfig,
      authorizer: { ...authorizer, issuer: localize(authorizer.issuer, local) },
      rules: localizeRules(distribution.rules, local),
      rateLimits,
    };
  }

  async build(credentials: CredentialStore): Promise<Built> {
    const { site, assembly, read, uploaded } = this.#prepared;
    const names = withoutTls(site);
    const hosts = await FunctionHosts.create({
      functions: read.functions,
      routes: read.routes,
      region: REGION,
      credentials,
      folder: join(assembly.folder, 'local'),
      localize: (value) => localize(value, names),
    });
    this.#hosts = hosts;
    return {
      functions: () => hosts.functions,
      pages: { capture: join(uploaded.folder, 'capture'), portal: join(uploaded.folder, 'portal') },
      action: await buildAction(),
      close: () => hosts.close(),
    };
  }

  close(): Promise<void> {
    return this.#prepared.assembly.remove();
  }
}
