import { styleText } from 'node:util'
import type { Severity, Verdict } from '../schema/finding.ts'

type PaintFormat = Parameters<typeof styleText>[0]

/** Colours a text, or leaves it as it is. Never looks at the terminal or the environment: that was decided at the door. */
export type Paint = (format: PaintFormat, text: string) => string

export function painter(color: boolean): Paint {
  return color ? (format, text) => styleText(format, text, { validateStream: false }) : (_format, text) => text
}

export const SEVERITY_COLOURS = {
  critical: ['bold', 'red'],
  high: ['red'],
  medium: ['yellow'],
  low: ['blue'],
} as const satisfies Record<Severity, PaintFormat>

export const VERDICT_COLOURS = {
  'in-sync': ['bold', 'green'],
  drifted: ['bold', 'red'],
  incomplete: ['bold', 'yellow'],
} as const satisfies Record<Verdict, PaintFormat>
