import { ListCollectionsCommand } from '@aws-sdk/client-rekognition';
import { failureOf } from '../../aws-failure.ts';
import type { Clients } from '../clients.ts';
import type { RegionalService } from '../facts.ts';

/**
 * Whether Rekognition answers in a region. Lists at most one collection, which costs nothing (Amazon Rekognition pricing bills images,
 * videos, stored faces and liveness sessions). There is no such call for Face Liveness: its session costs 0.015 US dollars, and the right
 * to read the results of sessions would be one to read faces.
 */
export const readRekognition = async ({ rekognition, region }: Clients): Promise<RegionalService> => {
  try {
    await rekognition.send(new ListCollectionsCommand({ MaxResults: 1 }));
    return { region, isThere: true };
  } catch (error) {
    // A name that DNS does not know: there is no endpoint in the region.
    if (failureOf(error).code === 'ENOTFOUND') return { region, isThere: false };
    throw error;
  }
};
