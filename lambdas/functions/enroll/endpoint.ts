import type { HttpHandler } from '../../http/endpoint.ts';
import { type FaceCheckEndpointPorts, faceCheckEndpoint } from '../face-check-endpoint.ts';

/** The whole HTTP contract of the enroll Lambda: POST /api/enroll/liveness and POST /api/enroll/complete. */
export const enrollEndpoint = (ports: FaceCheckEndpointPorts): HttpHandler => faceCheckEndpoint(ports, 'enroll');
