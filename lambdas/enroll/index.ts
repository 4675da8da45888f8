import { faceCheckPorts } from '../face-check-composition.ts';
import { enrollEndpoint } from './endpoint.ts';

export const handler = enrollEndpoint(faceCheckPorts('enroll'));
