import { z } from 'zod';
import type { UserShell } from './user-shell.ts';

const Functions = z.object({
  Functions: z.array(
    z.object({
      FunctionName: z.string(),
      Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
    }),
  ),
});
const Apis = z.object({ Items: z.array(z.object({ ApiId: z.string(), Name: z.string() })) });

/** What a deployment made, as its functions know it. */
export interface DeployedService {
  readonly apiId: string;
  /** Environment variables of all functions together. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Reads what is deployed from the cloud, not from the templates. */
export const readDeployedService = async (shell: UserShell): Promise<DeployedService> => {
  const { Functions: functions } = Functions.parse(await shell.read('aws lambda list-functions'));
  const { Items: apis } = Apis.parse(await shell.read('aws apigatewayv2 get-apis'));
  const [api] = apis;
  if (api === undefined || apis.length > 1) throw new Error(`there are ${apis.length} APIs`);
  return {
    apiId: api.ApiId,
    variables: Object.assign({}, ...functions.map(({ Environment }) => Environment?.Variables ?? {})),
  };
};
