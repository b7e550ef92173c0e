import { Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import i18next from 'i18next'
import type { ReactNode } from 'react'

/**
 * Asks before something is done that cannot be taken back, or that moves money. The focus is on the way out.
 * @returns whether it was confirmed
 */
export function confirm(words: {
  readonly title: string
  readonly text: ReactNode
  /** What is done, as a verb with its object: "Pay ₹1,500.00". */
  readonly act: string
  readonly danger?: boolean
}): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title: words.title,
      children: typeof words.text === 'string' ? <Text size="sm">{words.text}</Text> : words.text,
      labels: { confirm: words.act, cancel: i18next.t('common:cancel') },
      confirmProps: words.danger === true ? { color: 'red' } : {},
      cancelProps: { 'data-autofocus': true },
      closeButtonProps: { 'aria-label': i18next.t('common:close') },
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    })
  })
}
