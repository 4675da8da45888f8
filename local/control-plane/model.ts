/** A resource as it is, which may differ from what its stack declares: tests plant faults here. */
export interface ModelResource {
  readonly region: string;
  readonly logicalId: string;
  readonly physicalId: string;
  /** Such as `AWS::DynamoDB::Table`. */
  readonly type: string;
  /** As CloudFormation names them, every reference resolved. */
  properties: Record<string, unknown>;
  /** What no template says, such as the state of an alarm; `isGone` if it was deleted behind the back of its stack. */
  readonly state: Record<string, unknown>;
}

export interface ModelStack {
  readonly name: string;
  readonly region: string;
  /** As it was deployed. */
  readonly template: object;
  status: string;
  isProtected: boolean;
  readonly outputs: Record<string, string>;
  readonly resources: ModelResource[];
}

/** An account with one deployed stage in it. */
export interface Model {
  readonly account: string;
  readonly stacks: ModelStack[];
  /** Service Quotas of Rekognition, in every region. */
  rekognitionQuotas: readonly { readonly name: string; readonly value: number }[];
  /** Concurrent executions of Lambda. */
  concurrencyLimit: number;
  readonly mail: { isInProduction: boolean; isSending: boolean; identities: Record<string, boolean> };
  /** By ARN. */
  certificates: Record<string, { readonly status: string; readonly endsAtMs: number }>;
  /** Last day by partition key of the cursor's row in the table of due jobs. */
  drainedThrough: Record<string, string>;
}

/** All resources of a type that exist, wherever they are. */
export const allOf = (model: Model, type: string): readonly ModelResource[] =>
  model.stacks.flatMap(({ resources }) =>
    resources.filter(({ type: each, state }) => each === type && state['isGone'] !== true),
  );

/** A resource by its name in AWS, or null. */
export const findNamed = (model: Model, type: string, physicalId: string): ModelResource | null =>
  allOf(model, type).find((resource) => resource.physicalId === physicalId) ?? null;

/** A member of nested objects; undefined where there is none. */
export const memberOf = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
