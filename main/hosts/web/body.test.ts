import { PassThrough } from 'node:stream'
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { BodyError, Gate, readBody } from './body.ts'

/** A stream stands for a request: of it only the stream is used. */
function incoming(): PassThrough & IncomingMessage {
  return new PassThrough() as unknown as PassThrough & IncomingMessage
}

describe('readBody', () => {
  it('joins the pieces of a body in one array of its own', async () => {
    const request = incoming()
    const body = readBody(request, 5, 1000)
    request.write(Buffer.from([1, 2]))
    request.end(Buffer.from([3, 4, 5]))
    const bytes = await body
    expect([...bytes]).toEqual([1, 2, 3, 4, 5])
    expect(bytes.buffer.byteLength).toBe(5)
  })

  it('refuses a body that ends early', async () => {
    const request = incoming()
    const body = readBody(request, 5, 1000)
    request.end(Buffer.from([1, 2]))
    await expect(body).rejects.toMatchObject({ status: 400 })
  })

  it('refuses a body whose sender leaves', async () => {
    const request = incoming()
    const body = readBody(request, 5, 1000)
    request.destroy()
    await expect(body).rejects.toBeInstanceOf(BodyError)
  })

  it('gives up when nothing comes for a while, and not while something does', async () => {
    const request = incoming()
    const body = readBody(request, 20, 300)
    const timer = setInterval(() => request.write('x'), 100)
    setTimeout(() => {
      clearInterval(timer)
    }, 1000)
    const started = Date.now()
    await expect(body).rejects.toMatchObject({ status: 408 })
    expect(Date.now() - started).toBeGreaterThan(900)
  })
})

describe('Gate', () => {
  const { signal } = new AbortController()
  const settle = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }

  it('lets in what fits and the rest in the order it came', async () => {
    const gate = new Gate(10)
    const order: string[] = []
    const enter = async (name: string, amount: number) => {
      const leave = await gate.enter(amount, signal)
      order.push(name)
      return leave
    }
    const a = await enter('a', 6)
    const b = enter('b', 6)
    const c = enter('c', 1)
    await settle()
    expect(order).toEqual(['a'])
    a()
    a()
    const [leaveB, leaveC] = await Promise.all([b, c])
    expect(order).toEqual(['a', 'b', 'c'])
    const d = enter('d', 4)
    await settle()
    expect(order).toHaveLength(3)
    leaveC()
    leaveB()
    ;(await d)()
    expect(order).toEqual(['a', 'b', 'c', 'd'])
  })

  it('lets in alone what is larger than all it holds', async () => {
    const gate = new Gate(10)
    const leave = await gate.enter(50, signal)
    let inside = false
    const next = gate.enter(1, signal).then((leaveNext) => {
      inside = true
      return leaveNext
    })
    await settle()
    expect(inside).toBe(false)
    leave()
    ;(await next)()
  })

  it('forgets who leaves while waiting', async () => {
    const gate = new Gate(10)
    const leave = await gate.enter(10, signal)
    const controller = new AbortController()
    const impatient = gate.enter(10, controller.signal)
    const patient = gate.enter(10, signal)
    controller.abort(new Error('left'))
    await expect(impatient).rejects.toThrow('left')
    leave()
    ;(await patient)()
    await expect(gate.enter(1, controller.signal)).rejects.toThrow('left')
  })
})
