import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const ROOT = path.join(import.meta.dirname, '../..')

interface Declared {
  readonly name: string
  readonly file: string
  /** What is exported, and every type, is called so by whoever reads the house; another function is its file's own. */
  readonly isOfTheHouse: boolean
  readonly isFunction: boolean
}

/** Other functions of a file may share a name with one other file, and with no third. */
const MOST_FILES = 2

/** What a file declares at its top. */
function declaredIn(file: string, text: string): readonly Declared[] {
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest)
  return statements.flatMap((statement): readonly Declared[] => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
    const isExported = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    const isType =
      ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isClassDeclaration(statement)
    if (isType || ts.isFunctionDeclaration(statement)) {
      const name = statement.name?.text
      return name === undefined ? [] : [{ name, file, isOfTheHouse: isExported || isType, isFunction: !isType }]
    }
    if (!ts.isVariableStatement(statement)) return []
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      ts.isIdentifier(name)
        ? [
            {
              name: name.text,
              file,
              isOfTheHouse: isExported,
              isFunction: initializer !== undefined && ts.isArrowFunction(initializer),
            },
          ]
        : [],
    )
  })
}

/** Names that mean several things, each with the files that declare it. */
function severalMeanings(all: readonly Declared[]): readonly string[] {
  return [...Map.groupBy(all, ({ name }) => name)].flatMap(([name, same]) => {
    const files = [...new Set(same.map(({ file }) => file))].sort()
    const functions = new Set(same.filter(({ isFunction }) => isFunction).map(({ file }) => file))
    const isSeveral = same.some(({ isOfTheHouse }) => isOfTheHouse) ? files.length > 1 : functions.size > MOST_FILES
    return isSeveral ? [`${name}: ${files.join(', ')}`] : []
  })
}

it('a name means one thing in the whole house', () => {
  const files = globSync('{src,policies}/**/*.ts', { cwd: ROOT }).sort()
  const all = files.flatMap((file) => declaredIn(file, readFileSync(path.join(ROOT, file), 'utf8')))

  expect(files.length).toBeGreaterThan(400)
  expect(all.length).toBeGreaterThan(3000)
  expect(severalMeanings(all)).toEqual([])
})

it.each([
  ['an exported name, and one that stays in its file', 'export const most = 1', 'const most = 2', undefined],
  ['two types that stay in their files', 'interface Place {}', 'type Place = string', undefined],
  ['a class, and a function that is exported', 'class Place {}', 'export function Place() {}', undefined],
  ['three functions that stay in their files', 'function put() {}', 'const put = () => 1', 'function put() {}'],
])('finds %s', (_what, first, second, third) => {
  const texts = [first, second, third].filter((text) => text !== undefined)
  const all = texts.flatMap((text, index) => declaredIn(`src/${index}.ts`, text))

  expect(severalMeanings(all)).toHaveLength(1)
})

it('lets two files have a function or a constant of one name for themselves, and a file give a name to two of its own', () => {
  const all = [
    ...declaredIn('src/a.ts', 'function open() {}\nconst MOST = 1\nexport type Kind = string\nexport const Kind = 1'),
    ...declaredIn('src/b.ts', 'function open() {}\nconst MOST = 2'),
    ...declaredIn('src/c.ts', 'const MOST = 3\nexport { MOST as other }'),
  ]

  expect(severalMeanings(all)).toEqual([])
})
