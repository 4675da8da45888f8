import { PriceClass } from 'aws-cdk-lib/aws-cloudfront';
import { expect, test } from 'vitest';
import { priceClassOf } from '../../lib/price-class.ts';

test.each([
  ['eu-west-1', PriceClass.PRICE_CLASS_100],
  ['us-west-2', PriceClass.PRICE_CLASS_100],
  ['il-central-1', PriceClass.PRICE_CLASS_100],
  ['ap-northeast-1', PriceClass.PRICE_CLASS_200],
  ['ap-south-1', PriceClass.PRICE_CLASS_200],
  ['me-central-1', PriceClass.PRICE_CLASS_200],
  ['af-south-1', PriceClass.PRICE_CLASS_200],
  ['ap-southeast-2', PriceClass.PRICE_CLASS_ALL],
  ['sa-east-1', PriceClass.PRICE_CLASS_ALL],
])('users near %s are answered by edges of %s', (region, priceClass) => {
  expect(priceClassOf(region)).toBe(priceClass);
});
