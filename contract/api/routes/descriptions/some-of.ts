import * as z from 'zod';

/** An optional option, and in a group each member. Without defaults: filling them in would reset chosen values. */
const changing = (option: z.core.$ZodType): z.ZodOptional => {
  const wanted = option instanceof z.ZodDefault ? option.unwrap() : option;
  return z.optional(wanted instanceof z.ZodObject ? someOf(wanted.shape) : wanted);
};

/** Some of these options. */
export const someOf = (shape: Readonly<Record<string, z.core.$ZodType>>) =>
  z.strictObject(Object.fromEntries(Object.entries(shape).map(([name, option]) => [name, changing(option)])));
