import { faceCheckHandler } from '../../composition/face-check.ts';
import { enrollEndpoint } from './endpoint.ts';

export const handler = faceCheckHandler('enroll', enrollEndpoint);
