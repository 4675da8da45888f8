import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeVerdicts, type Oracle, type Verdict } from '../oracle.ts';
import { type Denial, SESSIONS_FILE, startCloud } from './cloud.ts';
import { rehearse } from './rehearsal.ts';
import { startRekognitionFor } from './rekognition.ts';

/** An objection to the role that made the call. */
const deniedVerdict = ({ action, principal }: Denial): Verdict => ({
  rule: `denied ${action}`,
  place: principal,
  where: ['deployment'],
  message: 'no policy allows it',
});

export const DEPLOYMENT: Oracle = {
  name: 'deployment',
  needs: ['python'],
  judge: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'verified-cloud-'));
    const rekognition = await startRekognitionFor(join(folder, SESSIONS_FILE));
    try {
      const cloud = await startCloud({ folder, enforcesIam: true, rekognitionUrl: rekognition.url });
      try {
        const { left, denied } = await rehearse({ cloud, rekognitionUrl: rekognition.url, folder });
        return mergeVerdicts([...left, ...denied.map(deniedVerdict)]);
      } finally {
        await cloud.close();
      }
    } finally {
      await rekognition.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
