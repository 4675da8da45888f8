import { createDocumentClient } from '../adapters/dynamodb/document-client.ts';
import { PortalEnvironment, readEnvironment } from '../environment.ts';
import { behindFrontDoor } from '../http/behind-front-door.ts';
import { operatorPorts } from '../portal-composition.ts';
import { accountsEndpoint } from './endpoint.ts';

const environment = readEnvironment(PortalEnvironment);
const ports = operatorPorts('accounts', createDocumentClient(), environment);

export const handler = behindFrontDoor(environment.FRONT_DOOR_SECRET, ports.log, accountsEndpoint(ports));
