import { faceCheckHandler } from '../face-check-composition.ts';
import { enrollEndpoint } from './endpoint.ts';

export const handler = faceCheckHandler('enroll', enrollEndpoint);
