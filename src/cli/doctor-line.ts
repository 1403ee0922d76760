/** One line: a fact, and what to do about it where something is to be done. */
export interface DoctorLine {
  readonly state: 'ok' | 'note' | 'fail'
  readonly fact: string
  readonly advice?: string
}
