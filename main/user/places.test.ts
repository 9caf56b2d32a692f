import { expect, it } from 'vitest'
import { userPlaces } from './places.ts'

it.each([
  ['linux', {}, '/home/eva/.config/layerloupe', '/home/eva/.local/state/layerloupe/logs'],
  [
    'linux',
    { XDG_CONFIG_HOME: '/conf', XDG_STATE_HOME: 'relative' },
    '/conf/layerloupe',
    '/home/eva/.local/state/layerloupe/logs',
  ],
  ['linux', { LAYERLOUPE_DATA: '/stick' }, '/stick', '/stick/logs'],
  [
    'darwin',
    { XDG_CONFIG_HOME: '/conf' },
    '/home/eva/Library/Application Support/LayerLoupe',
    '/home/eva/Library/Logs/LayerLoupe',
  ],
] as const)('are on %s with %j where that system keeps them', (platform, env, config, logs) => {
  expect(userPlaces(platform, env, '/home/eva')).toEqual({ config, logs })
})

it('are on Windows in the roaming and the local folder', () => {
  const env = { APPDATA: 'D:\\roam', LOCALAPPDATA: 'D:\\local' }
  expect(userPlaces('win32', env, 'C:\\Users\\Eva')).toEqual({
    config: 'D:\\roam\\LayerLoupe',
    logs: 'D:\\local\\LayerLoupe\\Logs',
  })
  expect(userPlaces('win32', {}, 'C:\\Users\\Eva').config).toBe('C:\\Users\\Eva\\AppData\\Roaming\\LayerLoupe')
})
