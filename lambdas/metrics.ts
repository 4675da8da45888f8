/** Namespace of the service's own metrics in CloudWatch: the Lambdas write it, alarms and dashboard read it. */
export const METRICS_NAMESPACE = 'Verified';
