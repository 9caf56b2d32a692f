import type { App, WebContents } from 'electron'
import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { pageUrl } from './address.ts'
import { confineAll } from './confine.ts'

/** Web contents that came into being in a confined app, whoever made them. */
function createdContents() {
  const app = new EventEmitter()
  confineAll(app as unknown as App)
  let webRtc: string | undefined
  let open: Parameters<WebContents['setWindowOpenHandler']>[0] | undefined
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: typeof open) => (open = handler),
    setWebRTCIPHandlingPolicy: (policy: string) => (webRtc = policy),
  })
  app.emit('web-contents-created', {}, contents)
  return {
    contents,
    webRtc: () => webRtc,
    opens: (url: string) => open!({ url } as Parameters<typeof open & object>[0]).action,
    prevents: (name: string, details: object = {}, ...rest: unknown[]) => {
      let prevented = false
      contents.emit(name, { ...details, preventDefault: () => (prevented = true) }, ...rest)
      return prevented
    },
  }
}

it.each([
  [pageUrl, true, false],
  [`${pageUrl}?x`, true, false],
  [pageUrl, false, true],
  ['app://elsewhere/', true, true],
  ['app://layerloupe/assets/x.js', true, true],
  ['app://user@layerloupe/', true, true],
  ['https://example.com/', true, true],
  ['http://127.0.0.1:80/', true, true],
  ['file:///etc/passwd', true, true],
  ['data:text/html,x', true, true],
  ['javascript:alert(1)', true, true],
  ['about:blank', false, true],
])('going to %j (main frame: %s) is prevented: %s', (url, isMainFrame, prevented) => {
  expect(createdContents().prevents('will-frame-navigate', { url, isMainFrame })).toBe(prevented)
})

it('redirects, guests and new windows are refused, WebRTC sends no datagrams, and no device is chosen', () => {
  const { prevents, opens, webRtc } = createdContents()
  expect(prevents('will-redirect', { url: pageUrl })).toBe(true)
  expect(prevents('will-attach-webview')).toBe(true)
  expect(['https://example.com/', pageUrl, 'about:blank'].map(opens)).toEqual(['deny', 'deny', 'deny'])
  expect(webRtc()).toBe('disable_non_proxied_udp')
  const chosen: string[] = []
  const devices = [{ deviceId: '1', deviceName: 'nearby' }]
  expect(prevents('select-bluetooth-device', {}, devices, (id: string) => chosen.push(id))).toBe(true)
  expect(chosen).toEqual([''])
})
