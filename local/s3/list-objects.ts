import { AwsError } from '../aws-wire/aws-error.ts';
import { escapeXml } from '../aws-wire/escape-xml.ts';
import type { ObjectFiles, ObjectHead } from './object-files.ts';

const MAX_KEYS = 1000;

const readMaxKeys = (query: URLSearchParams): number => {
  const maxKeys = Number(query.get('max-keys') ?? MAX_KEYS);
  if (!Number.isInteger(maxKeys) || maxKeys < 0) throw new AwsError('InvalidArgument', 'max-keys is not a number.');
  return Math.min(MAX_KEYS, maxKeys);
};

/** A token names the last key of the previous page, and is opaque to the client. */
const tokenOf = (key: string): string => Buffer.from(key).toString('base64url');

const isAfter = (key: string, other: string): boolean => Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0;

const contents = ({ key, etag, modifiedAtMs, size }: ObjectHead, isUrlEncoded: boolean): string =>
  `<Contents><Key>${escapeXml(isUrlEncoded ? encodeURIComponent(key) : key)}</Key><LastModified>${new Date(modifiedAtMs).toISOString()}</LastModified>` +
  `<ETag>${escapeXml(etag)}</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`;

/**
 * ListObjectsV2 (S3 API reference): prefix, start-after, pages by continuation token. No delimiter.
 * @returns the XML
 * @throws AwsError InvalidArgument, NotImplemented
 */
export const listObjects = async (files: ObjectFiles, bucket: string, query: URLSearchParams): Promise<string> => {
  if (query.get('list-type') !== '2' || query.has('delimiter')) {
    throw new AwsError('NotImplemented', 'Only ListObjectsV2 without a delimiter is supported here.', 501);
  }
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString('utf8');
  const maxKeys = readMaxKeys(query);
  const isUrlEncoded = query.get('encoding-type') === 'url';
  const heads = (await files.list(prefix)).filter(({ key }) => after === '' || isAfter(key, after));
  const page = heads.slice(0, maxKeys);
  const isTruncated = maxKeys > 0 && heads.length > page.length;
  return (
    `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${escapeXml(bucket)}</Name>` +
    `<Prefix>${escapeXml(isUrlEncoded ? encodeURIComponent(prefix) : prefix)}</Prefix>${isUrlEncoded ? '<EncodingType>url</EncodingType>' : ''}` +
    `<KeyCount>${page.length}</KeyCount><MaxKeys>${maxKeys}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>` +
    (isTruncated ? `<NextContinuationToken>${tokenOf(page.at(-1)?.key ?? '')}</NextContinuationToken>` : '') +
    page.map((head) => contents(head, isUrlEncoded)).join('') +
    '</ListBucketResult>'
  );
};
