import { faceCheckHandler } from '../../composition/face-check.ts';
import { verifyEndpoint } from './endpoint.ts';

export const handler = faceCheckHandler('verify', verifyEndpoint);
