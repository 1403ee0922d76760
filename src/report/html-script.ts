/**
 * The filter of the page. It only shows and hides what is there: it makes no markup, so nothing that a tenant said can become any.
 * Kept as a text, because its digest stands in the page's policy.
 */
export const REPORT_SCRIPT = `
(() => {
  const form = document.getElementById('filter')
  if (form === null) return
  const order = ['low', 'medium', 'high', 'critical']
  const field = (id) => document.getElementById(id)
  const cards = [...document.querySelectorAll('.card')].map((element) => ({ element, text: element.textContent.toLowerCase(), findings: Number(element.dataset.findings) }))
  const total = cards.reduce((sum, { findings }) => sum + findings, 0)
  const all = document.querySelector('details.all')
  const apply = () => {
    const words = field('search').value.toLowerCase().split(/\\s+/).filter((word) => word !== '')
    const least = order.indexOf(field('severity').value) // -1: any
    const kind = field('kind').value
    const isNew = field('new') !== null && field('new').checked
    let shown = 0
    for (const { element, text, findings } of cards) {
      const { severity, kind: its, seen } = element.dataset
      const fits =
        order.indexOf(severity) >= least &&
        (kind === '' || its === kind) &&
        (!isNew || seen === 'new') &&
        words.every((word) => text.includes(word))
      element.hidden = !fits
      if (fits) shown += findings
    }
    const isFiltered = words.length > 0 || least >= 0 || kind !== '' || isNew
    for (const group of document.querySelectorAll('.group')) group.hidden = group.querySelector('.card:not([hidden])') === null
    if (all !== null && isFiltered) all.open = true
    field('shown').textContent = isFiltered ? shown + ' of ' + total + ' findings' : total + (total === 1 ? ' finding' : ' findings')
  }
  // report.html#search=orders&severity=high opens filtered, so that a view can be sent to somebody.
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    if (['search', 'severity', 'kind'].includes(name)) field(name).value = value
    if (name === 'new' && field('new') !== null) field('new').checked = value !== ''
  }
  form.hidden = false
  form.addEventListener('input', apply)
  form.addEventListener('submit', (event) => event.preventDefault())
  apply()
})()
`
