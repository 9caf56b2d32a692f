import { expect, test, vi } from 'vitest'
import { LoupeError } from '../../shared/errors.ts'
import { NoticeState } from './notices.svelte.ts'

const messages = (notices: NoticeState) => notices.list.map(({ message }) => message)

test('errors are said as their sentence; what a person cancelled is not an error', () => {
  const notices = new NoticeState()
  notices.error(new LoupeError('write-failed', 'The disk is full; free some space.'))
  notices.error(new LoupeError('cancelled', 'It was cancelled.'))
  notices.error(new DOMException('stopped', 'AbortError'))
  notices.error(new Error('x is undefined'))
  expect(messages(notices)).toEqual([
    'The disk is full; free some space.',
    'Something in the window failed: x is undefined',
  ])
})

test('the same error again is counted, not repeated', () => {
  const notices = new NoticeState()
  for (let i = 0; i < 3; i++) notices.error(new LoupeError('engine-lost', 'Gone.'))
  expect(notices.list).toMatchObject([{ message: 'Gone.', count: 3 }])
})

test('a later notice about the same thing replaces the earlier one and no other', () => {
  const notices = new NoticeState()
  notices.info('Removed a.', 'removed')
  notices.info('Saved b.', 'saved')
  notices.info('Removed c.', 'removed')
  expect(messages(notices)).toEqual(['Saved b.', 'Removed c.'])
  notices.dismissTopic('removed')
  expect(messages(notices)).toEqual(['Saved b.'])
})

test('an action is done once and its notice goes; dismissing lets it lapse', () => {
  const notices = new NoticeState()
  const [run, lapse] = [vi.fn(), vi.fn()]
  notices.info('Removed.', null, { label: 'Undo', run, lapse })
  notices.act(notices.list[0]!.id)
  expect([run.mock.calls.length, lapse.mock.calls.length, notices.list.length]).toEqual([1, 0, 0])
  notices.info('Removed.', null, { label: 'Undo', run, lapse })
  notices.dismiss(notices.list[0]!.id)
  expect([run.mock.calls.length, lapse.mock.calls.length, notices.list.length]).toEqual([1, 1, 0])
})
