import { Alert, Button, Code, Group, Modal, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from './copy-button.tsx'

/** A secret that the hub gives out now and never again. It is closed by its button alone, so that no stray click loses it. */
export function ShownOnce({
  title,
  what,
  text,
  value,
  onClose,
}: {
  readonly title: string
  /** What it is: "key". */
  readonly what: string
  /** What to do with it. */
  readonly text: string
  /** Null: nothing is shown. */
  readonly value: string | null
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={value !== null}
      onClose={onClose}
      title={title}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="sm">
        <Alert color="yellow" icon={<IconAlertTriangle />}>
          {t('common:once.warning')}
        </Alert>
        <Text size="sm">{text}</Text>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Code block fz="sm" className="wraps" flex={1} tabIndex={0}>
            {value}
          </Code>
          <CopyButton value={value ?? ''} what={what} />
        </Group>
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {t('common:once.kept')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
