// Loaded before a Node program (--import), so that it finds itself in an Electron process, as far as it can tell.
Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '45.4.1' } })
