import { readCommitted, writeFigures } from '../committed.ts'
import { table, withSection } from '../section.ts'
import type { SecretsTally } from './run.ts'

/** Figures of one full run, as they are committed. */
export type SecretsResults = Pick<SecretsTally, 'planted' | 'groups'>

const FILE = 'secrets/results.json'

export function readSecretsResults(): SecretsResults | null {
  return readCommitted<SecretsResults>(FILE)
}

export function writeSecretsResults({ planted, groups }: SecretsResults): void {
  writeFigures(FILE, { planted, groups }, withSecretsFigures)
}

/** What is worse than it was: something found or silent, or fewer surfaces. */
export function worseSecrets(before: SecretsResults | null, { groups }: SecretsResults): readonly string[] {
  return Object.entries(groups).flatMap(([name, { surfaces, found, named, silent }]) => {
    const was = (before?.groups as Readonly<Record<string, { surfaces: number }>> | undefined)?.[name]?.surfaces ?? 0
    return [
      ...(found > 0 ? [`${name}: ${found} texts hold a secret`] : []),
      ...(named > 0 ? [`${name}: ${named} texts hold a person`] : []),
      ...(silent > 0 ? [`${name}: ${silent} surfaces say nothing`] : []),
      ...(surfaces < was ? [`${name}: ${surfaces} surfaces, and there were ${was}`] : []),
    ]
  })
}

/** The page with these figures between their markers. Sizes differ from run to run: they are in kB. */
export function withSecretsFigures(page: string, { planted, groups }: SecretsResults): string {
  const rows = Object.entries(groups).map(([name, { surfaces, texts, bytes, found, named, silent }]) => [
    name,
    surfaces,
    texts,
    Math.round(bytes / 1000),
    found,
    named,
    silent,
  ])
  const figures = [
    `Secrets planted: ${planted}.`,
    '',
    table(
      [
        'where',
        'runs',
        'texts',
        'kB',
        'texts that hold a secret',
        'a person or an address unasked',
        'runs that said nothing',
      ],
      rows,
    ),
  ]
  return withSection(page, 'evidence:secrets', figures.join('\n'))
}
