import type { components } from './schema.gen'

type Wire = components['schemas']['Problem']
export type FieldProblem = components['schemas']['FieldProblem']

/** The contract's stable codes, and offline: no answer came at all. */
export type Code = components['schemas']['ProblemCode'] | 'offline'

/** An error answer of the server (RFC 9457), or none at all. Its words are looked up by code when shown. */
export class Problem extends Error {
  readonly code: Code
  readonly status: number
  readonly fields: FieldProblem[]
  /** For the support desk; empty when the server was not reached. */
  readonly requestId: string
  /** Seconds after which the server wants to be asked again, if it said so (RFC 9110 §10.2.3). */
  readonly retryAfter: number | undefined

  constructor(code: Code, status = 0, fields: FieldProblem[] = [], requestId = '', retryAfter?: number) {
    super(code)
    this.name = 'Problem'
    this.code = code
    this.status = status
    this.fields = fields
    this.requestId = requestId
    this.retryAfter = retryAfter
  }

  /** Reads an error body; whatever is not a problem document is Internal. */
  static from(body: unknown, status: number, after: string | null = null): Problem {
    const retryAfter = after !== null && /^\d{1,4}$/.test(after) ? Number(after) : undefined
    if (isWire(body)) return new Problem(body.code, body.status, body.fields ?? [], body.request_id, retryAfter)
    const code = status === 429 ? 'too_many_requests' : status === 503 ? 'too_busy' : 'internal'
    return new Problem(code, status, [], '', retryAfter)
  }

  /** Somebody else has changed what this change was made from. */
  get outdated(): boolean {
    return this.code === 'edited_meanwhile'
  }

  /** Asking again later may help, and does no harm. */
  get passing(): boolean {
    return ['offline', 'too_busy', 'too_many_requests', 'deadline_exceeded'].includes(this.code)
  }
}

function isWire(body: unknown): body is Wire {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
}
