import { faceCheckPorts } from '../face-check-composition.ts';
import { verifyEndpoint } from './endpoint.ts';

export const handler = verifyEndpoint(faceCheckPorts('verify'));
