import type * as z from 'zod'
import type { Json } from './json.ts'

/** What a schema lets through, as it is handed around: nothing of it is changed. */
export type Inferred<Schema extends z.ZodType> = Fixed<z.infer<Schema>>

/** Any JSON is fixed as it is, and has no end. */
type Fixed<T> = [Json] extends [T] ? T : T extends object ? { readonly [Key in keyof T]: Fixed<T[Key]> } : T
