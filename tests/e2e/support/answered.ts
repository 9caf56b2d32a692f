/** Everything a server in this process was asked and answered, as it came over the socket, whatever the browser tells. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'

export interface Answered {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly status: number
}

/** Records from now on; `stop` ends it. */
export function recordAnswers(port: number) {
  const answers: Answered[] = []
  const record = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    if (request.socket.localPort !== port) return
    const { method = '', url = '', headers } = request
    answers.push({ method, url, headers, status: response.statusCode })
  }
  subscribe('http.server.response.finish', record)
  return {
    answers,
    stop: () => {
      unsubscribe('http.server.response.finish', record)
    },
  }
}
