import { startGallery } from './start-gallery.ts';

// `npm run gallery`
const { url } = await startGallery(Number(process.env['VERIFIED_GALLERY_PORT'] ?? 4100));
console.log(`Every screen and state: ${url}   (Ctrl-C stops)`);
