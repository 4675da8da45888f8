import { encode } from 'uqr';

/** Empty modules around the code, as ISO/IEC 18004 requires. */
const QUIET_ZONE = 4;

/** `text` as a QR code: only an image, so that nothing on the page can be copied and forwarded. */
export const QrCode = ({ text, alt }: { text: string; alt: string }) => {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg className="qr" role="img" aria-label={alt} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <path d={path} />
    </svg>
  );
};
