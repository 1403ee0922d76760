import * as z from 'zod'
import { TenantDriftError } from '../schema/errors.ts'
import type { TenantConfig } from './config.ts'
import { askList, SECRET_KEY, type ListPage, type ListParameters } from './list.ts'
import type { ReaderOptions } from './options.ts'
import { createSession } from './session.ts'

const parameterShape = z.strictObject({
  identifiers: z
    .array(
      z
        .string()
        .min(1)
        .refine((text) => text.isWellFormed(), 'is no well-formed text'),
    )
    .min(1)
    .max(10)
    .optional(),
  page: z.int().min(0).optional(),
  per_page: z.int().min(1).max(100).optional(),
  include_totals: z.boolean().optional(),
  fields: z.array(z.string().regex(/^\w+$/)).min(1).optional(),
  include_fields: z.boolean().optional(),
})

/**
 * Asks the endpoint once for one page, with retries, and closes its connection. The signing secrets are dropped unless `fields` names them.
 * @throws TenantDriftError `bad_request` for parameters the endpoint cannot take; else as the tenant answers
 */
export async function listResourceServers(
  config: TenantConfig,
  parameters: ListParameters = {},
  options: ReaderOptions = {},
): Promise<ListPage> {
  const checked = parameterShape.safeParse(parameters)
  if (!checked.success) {
    const mistakes = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new TenantDriftError(
      'bad_request',
      `The list cannot be asked so: ${mistakes.join('; ')}`,
      'Mend the parameters.',
    )
  }
  const session = createSession(config, options)
  try {
    const keepsSecret = parameters.fields?.includes(SECRET_KEY) === true && parameters.include_fields !== false
    const { signal } = new AbortController()
    return await askList(session, parameters, { purpose: 'list', what: 'the list', keepsSecret, signal })
  } finally {
    await session.line.release()
  }
}
