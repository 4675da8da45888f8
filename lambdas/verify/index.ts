import { faceCheckHandler } from '../face-check-composition.ts';
import { verifyEndpoint } from './endpoint.ts';

export const handler = faceCheckHandler('verify', verifyEndpoint);
