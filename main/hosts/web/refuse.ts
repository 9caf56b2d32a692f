/** Answers to what is not let in. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { plainHeaders, strictHeaders } from '../../engine/headers.ts'
import { LoupeError, type ErrorCode } from '../../../shared/errors.ts'
import { wireType } from '../../../shared/wire.ts'
import { refusal } from './calls.ts'

/** Milliseconds a refused sender may go on sending what nobody keeps. */
const lingerTime = 500

/** A refusal in the guard's own words, which never repeat anything of the request. */
export function refuse(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, reason }: { status: number; reason: string },
): void {
  const api = incoming.url?.startsWith('/api/') === true
  const body = api
    ? refusal(new LoupeError(codeOf(status), reason), status).body
    : new TextEncoder().encode(`${reason}\n`)
  outgoing.writeHead(status, {
    ...plainHeaders,
    ...(api ? { 'content-type': wireType } : {}),
    'content-length': body.length,
    connection: 'close',
  })
  if (incoming.complete) {
    outgoing.end(body)
    return
  }
  // Closing with bytes unread would reset the connection, and the sender would never see why.
  outgoing.write(body)
  const timer = setTimeout(() => outgoing.end(), lingerTime)
  incoming
    .once('close', () => {
      clearTimeout(timer)
    })
    .once('end', () => outgoing.end())
  incoming.resume()
}

function codeOf(status: number): ErrorCode {
  if (status === 401) return 'unauthorized'
  if (status === 404) return 'not-found'
  return status === 413 ? 'image-too-large' : 'bad-request'
}

/** What is not HTTP, or came too slowly to become a request. */
export function refuseRaw(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request'
  const headers = Object.entries(strictHeaders).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join('')}content-length: 0\r\nconnection: close\r\n\r\n`)
}
