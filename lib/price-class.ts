import { PriceClass } from 'aws-cdk-lib/aws-cloudfront';

/** The geographic regions that only the class of all edge locations contains: South America, Australia and New Zealand. */
const IN_ALL_ONLY = ['sa-east-1', 'ap-southeast-2', 'ap-southeast-4', 'ap-southeast-6'];
/** North America, Europe and Israel. */
const IN_100 = /^(us|ca|mx|eu|il)-/;

/**
 * The smallest price class with edge locations around a region, since most users are near the region that was chosen for them. With a
 * smaller class they would be answered from another continent (CloudFront developer guide, "Choose the price class for a distribution",
 * read 2026-11).
 */
export const priceClassOf = (region: string): PriceClass => {
  if (IN_100.test(region)) return PriceClass.PRICE_CLASS_100;
  return IN_ALL_ONLY.includes(region) ? PriceClass.PRICE_CLASS_ALL : PriceClass.PRICE_CLASS_200;
};
