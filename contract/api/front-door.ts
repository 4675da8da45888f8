/**
 * What the distribution adds to each request on its way to the API. The secret proves that a request came through the distribution
 * and its limits, and not directly to the API's own address. The viewer's address is then what the distribution saw, whatever a
 * client claims.
 */
export const FRONT_DOOR_SECRET_HEADER = 'x-verified-origin';
export const VIEWER_ADDRESS_HEADER = 'x-verified-viewer';
