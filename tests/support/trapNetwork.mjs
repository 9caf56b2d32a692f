/**
 * Loaded before a Node program (--import): every connection it would open and every name it would look up is written to
 * the file LAYERLOUPE_TEST_NETWORK names, and fails; listening anywhere but on 127.0.0.1 too. Processes it forks are
 * given the same.
 */

import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import path from 'node:path'

const file = process.env['LAYERLOUPE_TEST_NETWORK'] ?? ''
/** @param {string} line */
const write = (line) => appendFileSync(file, `${line}\n`)
write(`watching ${path.basename(process.argv[1] ?? 'no program')}`)

/** @param {string} what @param {unknown} where @returns {never} */
function refuse(what, where) {
  const target = typeof where === 'object' && where !== null ? JSON.stringify(where) : String(where)
  write(`ATTEMPT ${what} ${target}`)
  throw new Error(`This test allows no ${what}: ${target}`)
}

net.Socket.prototype.connect = function connect(/** @type {any[]} */ ...args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0]
  const { host, port, path: place } = typeof first === 'object' ? first : { port: first, host: args[1] }
  return refuse('connection', place ?? `${host ?? 'localhost'}:${port}`)
}

const { listen } = net.Server.prototype
net.Server.prototype.listen = function listenHere(/** @type {any[]} */ ...args) {
  const [where] = args
  if (typeof where !== 'object' || where?.host !== '127.0.0.1') refuse('listening', where)
  return Reflect.apply(listen, this, args)
}

dgram.createSocket = (options) => refuse('datagram', options)
dgram.Socket.prototype.send = (/** @type {any[]} */ ...args) => refuse('datagram', args.at(-1))

for (const resolver of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of Object.keys(Object.getOwnPropertyDescriptors(resolver))) {
    if (!/^(lookup|resolve|reverse)/.test(name)) continue
    const own = /** @type {any} */ (resolver)[name]
    Object.defineProperty(resolver, name, {
      configurable: true,
      writable: true,
      value(/** @type {unknown[]} */ ...args) {
        // Listening looks its own address up, which asks nobody.
        return args[0] === '127.0.0.1' ? Reflect.apply(own, this, args) : refuse('name', args[0])
      },
    })
  }
}

const { fork } = childProcess
/** @type {(...args: any[]) => any} */
const forkWatched = (program, args = [], options = {}) =>
  fork(program, args, { ...options, execArgv: [...(options.execArgv ?? []), '--import', import.meta.url] })
childProcess.fork = forkWatched

syncBuiltinESMExports()
