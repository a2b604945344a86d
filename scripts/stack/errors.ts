/** The local stack could not be set up; the message says what to do, the detail shows what was seen. */
export class StackError extends Error {
  constructor(message: string, detail = '') {
    super(detail === '' ? message : `${message}\n${detail}`)
    this.name = 'StackError'
  }
}
