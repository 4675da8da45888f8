import { DescribeKeyCommand, GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import type { ClientsIn } from '../clients.ts';
import { resourcesOf } from '../declared.ts';
import type { Deployed, KeyState } from '../facts.ts';

/** Every key of the stage's stacks. */
export const readKeys = (clientsIn: ClientsIn, deployed: Deployed): Promise<readonly KeyState[]> =>
  Promise.all(
    resourcesOf(deployed, 'AWS::KMS::Key').map(async ({ region, physicalId }) => {
      const { kms } = clientsIn(region);
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: physicalId }));
      const state = KeyMetadata?.KeyState ?? '';
      const { KeyRotationEnabled } = await kms.send(new GetKeyRotationStatusCommand({ KeyId: physicalId }));
      return { id: physicalId, arn: KeyMetadata?.Arn ?? '', state, isRotated: KeyRotationEnabled === true };
    }),
  );
