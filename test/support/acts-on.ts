/** What in a text acts on whoever shows it: a terminal, a reader of Unicode, Pulumi's display, the runners of GitHub, Azure, GitLab and TeamCity. */
export function actsOn(text: string, { mayOrder = false } = {}): readonly string[] {
  const unseen = text.match(/(?!\r?\n|\t)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu) ?? []
  const anywhere = text.match(/##(?:\[|vso\[|teamcity\[)|section_(?:start|end):\d|<\{%/gi) ?? []
  const lines = text.split('\n').filter((line) => line.trim().startsWith('::'))
  const orders = lines.filter((line) => !mayOrder || !/^::(?:error|warning|notice) [^\n]*::/.test(line))
  return [...unseen, ...anywhere, ...orders]
}
