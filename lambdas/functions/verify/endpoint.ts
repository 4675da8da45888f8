import type { HttpHandler } from '../../http/endpoint.ts';
import { type FaceCheckEndpointPorts, faceCheckEndpoint } from '../face-check-endpoint.ts';

/** The whole HTTP contract of the verify Lambda: POST /api/verify/liveness and POST /api/verify/complete. */
export const verifyEndpoint = (ports: FaceCheckEndpointPorts): HttpHandler => faceCheckEndpoint(ports, 'verify');
