const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** `29 November 2026, 02:07 UTC` */
export function longDate(time: string): string {
  return dateText(time, (month) => month, true)
}

/** `29 Nov 2026` */
export function shortDate(time: string): string {
  return dateText(time, (month) => month.slice(0, 3), false)
}

/** `29 Nov 2026, 01:52 UTC` */
export function whenText(time: string): string {
  return dateText(time, (month) => month.slice(0, 3), true)
}

/** What is no time is not said: a report may come from anywhere. */
function dateText(time: string, called: (month: string) => string, hasClock: boolean): string {
  const [, year = '', month = '', day = '', clock = ''] = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2})/.exec(time) ?? []
  if (year === '') return 'at an unknown time'
  return `${Number(day)} ${called(MONTHS[Number(month) - 1] ?? month)} ${year}${hasClock ? `, ${clock} UTC` : ''}`
}
