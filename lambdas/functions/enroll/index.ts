import { faceCheckHandler } from '../../composition/face-check.ts';

export const handler = faceCheckHandler('enroll');
