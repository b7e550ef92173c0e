import { Button, Group, Modal, Stack } from '@mantine/core'
import type { FormEventHandler, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api/problem.ts'
import { ProblemAlert } from './problem-alert.tsx'

/** What is asked for before something is made or changed; a refusal of the hub stands inside, above the buttons. */
export function FormModal({
  title,
  act,
  opened,
  onClose,
  onSubmit,
  pending,
  problem,
  danger = false,
  size = 'md',
  children,
}: {
  readonly title: ReactNode
  /** What is done, as a verb. */
  readonly act: string
  readonly opened: boolean
  readonly onClose: () => void
  readonly onSubmit: FormEventHandler<HTMLFormElement>
  readonly pending: boolean
  readonly problem: Problem | null
  readonly danger?: boolean
  readonly size?: 'md' | 'lg' | 'xl'
  readonly children: ReactNode
}) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      // While it is under way, Escape belongs to the proof that may be asked for above it.
      closeOnEscape={!pending}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <form onSubmit={onSubmit} noValidate>
        <Stack gap="sm">
          {children}
          {problem !== null && <ProblemAlert problem={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={pending} {...(danger ? { color: 'red' } : {})}>
              {act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** For a form that is longer than the window: brings the first field that is wrong into view. */
export const showFirst =
  (form: { readonly getInputNode: (path: string) => HTMLElement | null }) =>
  (wrong: object): void => {
    const [first] = Object.keys(wrong)
    if (first !== undefined) form.getInputNode(first)?.focus()
  }
