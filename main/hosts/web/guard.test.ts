import { describe, expect, it } from 'vitest'
import { wireType } from '../../../shared/wire.ts'
import { decide, type GuardedRequest, type GuardRules } from './guard.ts'

const session = 'S'.repeat(43)
const rules: GuardRules = {
  port: 4321,
  isSession: (token) => token === session,
  limits: { upload: 1000, call: 100 },
}
const own = ['Host', '127.0.0.1:4321'] as const
const key = ['Authorization', `Bearer ${session}`] as const
const typed = ['Content-Type', wireType] as const
const raw = ['Content-Type', 'application/octet-stream'] as const
const short = ['Content-Length', '10'] as const
type Line = readonly [string, string]

function get(target: string, ...headers: Line[]): GuardedRequest {
  return { method: 'GET', target, headers, remoteAddress: '127.0.0.1' }
}
function post(target: string, ...headers: Line[]): GuardedRequest {
  return { ...get(target, ...headers), method: 'POST' }
}
function status(request: GuardedRequest, given: GuardRules = rules): number {
  const decision = decide(request, given)
  return decision.allow ? 200 : decision.status
}
const call = (...headers: Line[]) => post('/api/call/images.list', ...headers)

describe('what the guard lets in', () => {
  it.each<[string, GuardedRequest, unknown]>([
    ['the page', get('/', own), { type: 'page', path: '/' }],
    ['the page by its other name', get('/', ['host', 'localhost:4321']), { type: 'page', path: '/' }],
    ['an asset', get('/assets/index-Ab_12-x.js', own), { type: 'page', path: '/assets/index-Ab_12-x.js' }],
    ['the head of an asset', { ...get('/a.css', own), method: 'HEAD' }, { type: 'page', path: '/a.css' }],
    [
      'the page opened from the launch file',
      get('/', own, ['Sec-Fetch-Site', 'cross-site'], ['Sec-Fetch-Mode', 'navigate'], ['Sec-Fetch-Dest', 'document']),
      { type: 'page', path: '/' },
    ],
    [
      'the page typed by hand',
      get('/', own, ['Sec-Fetch-Site', 'none'], ['Sec-Fetch-Mode', 'navigate'], ['Sec-Fetch-Dest', 'document']),
      { type: 'page', path: '/' },
    ],
    [
      'a script of the page',
      get('/a.js', own, ['Sec-Fetch-Site', 'same-origin'], ['Sec-Fetch-Mode', 'cors'], ['Sec-Fetch-Dest', 'script']),
      { type: 'page', path: '/a.js' },
    ],
    ['the exchange', post('/api/session', own, typed, short), { type: 'session', length: 10 }],
    ['the events', get('/api/events', own, key), { type: 'events' }],
    [
      'a call of our own page',
      call(own, key, typed, short, ['Origin', 'http://127.0.0.1:4321'], ['Sec-Fetch-Site', 'same-origin']),
      { type: 'call', method: 'images.list', length: 10, upload: false },
    ],
    [
      'an upload',
      post('/api/call/images.add', own, key, raw, ['Content-Length', '1000']),
      { type: 'call', method: 'images.add', length: 1000, upload: true },
    ],
  ])('%s', (_name, request, area) => {
    expect(decide(request, rules)).toEqual({ allow: true, area })
  })

  it('a page of a development server only where one is named', () => {
    const request = call(own, key, typed, short, ['Origin', 'http://localhost:5173'])
    expect(status(request)).toBe(403)
    expect(status(request, { ...rules, devOrigin: 'http://localhost:5173' })).toBe(200)
  })
})

describe('what the guard refuses', () => {
  it.each<[string, number, GuardedRequest]>([
    ['another machine', 403, { ...get('/', own), remoteAddress: '192.168.1.7' }],
    ['no Host', 400, get('/')],
    ['two Hosts', 400, get('/', own, own)],
    ['a foreign Host', 421, get('/', ['Host', 'evil.example:4321'])],
    ['a Host of another port', 421, get('/', ['Host', '127.0.0.1:4322'])],
    ['a Host without a port', 421, get('/', ['Host', '127.0.0.1'])],
    ['0.0.0.0', 421, get('/', ['Host', '0.0.0.0:4321'])],
    ['a LAN address', 421, get('/', ['Host', '192.168.1.7:4321'])],
    ['a name that resolves here', 421, get('/', ['Host', '127.0.0.1.nip.io:4321'])],
    ['IPv6', 421, get('/', ['Host', '[::1]:4321'])],
    ['localhost with a dot', 421, get('/', ['Host', 'localhost.:4321'])],
    ['another loopback address', 421, get('/', ['Host', '127.0.0.2:4321'])],
    ['an empty Host', 421, get('/', ['Host', ''])],
    ['a user in the Host', 421, get('/', ['Host', 'a@127.0.0.1:4321'])],
    ['a foreign Origin', 403, call(own, key, typed, short, ['Origin', 'https://evil.example'])],
    ['the Origin null', 403, call(own, key, typed, short, ['Origin', 'null'])],
    ['the Origin of another port', 403, call(own, key, typed, short, ['Origin', 'http://127.0.0.1:4322'])],
    ['the Origin of our other name', 403, call(own, key, typed, short, ['Origin', 'http://localhost:4321'])],
    ['an Origin with a path', 403, call(own, key, typed, short, ['Origin', 'http://127.0.0.1:4321/'])],
    ['https', 403, call(own, key, typed, short, ['Origin', 'https://127.0.0.1:4321'])],
    ['two Origins', 400, call(own, key, typed, short, ['Origin', 'http://127.0.0.1:4321'], ['origin', 'null'])],
    ['an empty Origin', 403, call(own, key, typed, short, ['Origin', ''])],
    ['another site', 403, call(own, key, typed, short, ['Sec-Fetch-Site', 'cross-site'])],
    ['another port of this machine', 403, call(own, key, typed, short, ['Sec-Fetch-Site', 'same-site'])],
    ['a call typed by hand', 403, call(own, key, typed, short, ['Sec-Fetch-Site', 'none'])],
    ['a made-up site', 403, call(own, key, typed, short, ['Sec-Fetch-Site', 'friend'])],
    ['a script in another site', 403, get('/a.js', own, ['Sec-Fetch-Site', 'cross-site'])],
    [
      'the page in a frame',
      403,
      get('/', own, ['Sec-Fetch-Site', 'cross-site'], ['Sec-Fetch-Mode', 'navigate'], ['Sec-Fetch-Dest', 'iframe']),
    ],
    [
      'an asset opened from another site',
      403,
      get(
        '/a.svg',
        own,
        ['Sec-Fetch-Site', 'cross-site'],
        ['Sec-Fetch-Mode', 'navigate'],
        ['Sec-Fetch-Dest', 'document'],
      ),
    ],
    [
      'a form sent from another site',
      403,
      post('/', own, ['Sec-Fetch-Site', 'cross-site'], ['Sec-Fetch-Mode', 'navigate'], ['Sec-Fetch-Dest', 'document']),
    ],
    ['a call that is a navigation', 403, get('/api/events', own, key, ['Sec-Fetch-Mode', 'navigate'])],
    ['no token', 401, call(own, typed, short)],
    ['a wrong token', 401, call(own, typed, short, ['Authorization', `Bearer ${'T'.repeat(43)}`])],
    ['a truncated token', 401, call(own, typed, short, ['Authorization', `Bearer ${'S'.repeat(42)}`])],
    ['a longer token', 401, call(own, typed, short, ['Authorization', `Bearer ${'S'.repeat(44)}`])],
    ['a token of another scheme', 401, call(own, typed, short, ['Authorization', `Basic ${session}`])],
    ['two tokens', 400, call(own, typed, short, key, key)],
    ['no token for events', 401, get('/api/events', own)],
    ['an unknown path without a token', 401, get('/api/other', own)],
    ['an unknown path', 404, get('/api/other', own, key)],
    ['an unknown method', 404, post('/api/call/images.addFile', own, key, typed, short)],
    ['a method of every object', 404, post('/api/call/constructor', own, key, typed, short)],
    ['a call by GET', 405, get('/api/call/images.list', own, key)],
    ['a preflight', 405, { ...get('/', own), method: 'OPTIONS' }],
    ['TRACE', 405, { ...get('/', own), method: 'TRACE' }],
    ['DELETE', 405, { ...get('/', own), method: 'DELETE' }],
    ['lower-case get', 405, { ...get('/', own), method: 'get' }],
    ['an exchange by GET', 405, get('/api/session', own)],
    ['events by POST', 405, post('/api/events', own, key, typed, short)],
    ['text', 415, call(own, key, short, ['Content-Type', 'text/plain'])],
    ['a form', 415, call(own, key, short, ['Content-Type', 'application/x-www-form-urlencoded'])],
    ['a form in parts', 415, call(own, key, short, ['Content-Type', 'multipart/form-data; boundary=x'])],
    ['JSON', 415, call(own, key, short, ['Content-Type', 'application/json'])],
    ['our type hidden in another', 415, call(own, key, short, ['Content-Type', `text/plain; ${wireType}`])],
    ['no type', 415, call(own, key, short)],
    ['raw bytes for an ordinary call', 415, call(own, key, raw, short)],
    ['an exchange as text', 415, post('/api/session', own, short, ['Content-Type', 'text/plain'])],
    ['no length', 411, call(own, key, typed)],
    ['chunks', 411, call(own, key, typed, ['Transfer-Encoding', 'chunked'])],
    ['a length and chunks', 411, call(own, key, typed, short, ['Transfer-Encoding', 'chunked'])],
    ['a negative length', 411, call(own, key, typed, ['Content-Length', '-1'])],
    ['a length with a sign', 411, call(own, key, typed, ['Content-Length', '+10'])],
    ['a compressed body', 415, call(own, key, typed, short, ['Content-Encoding', 'gzip'])],
    ['too long a call', 413, call(own, key, typed, ['Content-Length', '101'])],
    ['too large a picture', 413, post('/api/call/images.add', own, key, raw, ['Content-Length', '1001'])],
    ['too long an exchange', 413, post('/api/session', own, typed, ['Content-Length', '1025'])],
    ['a body on a page', 400, get('/', own, short)],
    ['chunks on a page', 400, get('/', own, ['Transfer-Encoding', 'chunked'])],
    ['a body on events', 400, get('/api/events', own, key, short)],
    ['too long a path', 414, get(`/${'a'.repeat(300)}`, own)],
  ])('%s (%i)', (_name, expected, request) => {
    expect(status(request)).toBe(expected)
  })

  it.each([
    '/../etc/passwd',
    '/assets/../../etc/passwd',
    '/assets/..',
    '/.',
    '/./a.js',
    '/.env',
    '/assets/.git',
    '/%2e%2e/etc/passwd',
    '/%252e%252e/etc/passwd',
    '/..%2fetc/passwd',
    '/..%5c..%5cboot.ini',
    '/..\\..\\boot.ini',
    '/assets\\a.js',
    '/a.js%00.png',
    '/a.js\0',
    '//etc/passwd',
    '/assets//a.js',
    '/assets/',
    '//evil.example/',
    '/C:/Windows/win.ini',
    '/c:\\Windows',
    'C:/Windows/win.ini',
    '/a.js?file=/etc/passwd',
    '/?',
    '/a.js#x',
    '/a.js;x',
    '/~root',
    '/a b',
    '/ä',
    'http://127.0.0.1:4321/',
    'http://evil.example/',
    'file:///etc/passwd',
    '*',
    '',
    'a.js',
    '/api/../a.js',
    '/api/call/../events',
    '/api/call/images.list?x=1',
    '/api%2fevents',
  ])('the path %j (400)', (target) => {
    expect(status(get(target, own, key))).toBe(400)
  })

  it('never repeats anything of the request in its reason', () => {
    const decision = decide(get('/<script>', own, ['Authorization', 'Bearer secret']), rules)
    expect(JSON.stringify(decision)).not.toMatch(/script|secret/)
  })
})
