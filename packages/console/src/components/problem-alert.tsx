import { Alert, Button, Code, Group, List, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle } from '@tabler/icons-react'
import i18next, { type TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api/problem.ts'
import { CopyButton } from './copy-button.tsx'

/** What a problem says to a person: in their language where it is known, else in the hub's own words. */
export const problemTitle = (t: TFunction, { document }: Problem): string =>
  t(`common:problem.${document.code}.title`, { defaultValue: document.title })

/** What to do about it. */
export const problemAdvice = (t: TFunction, { document }: Problem): string =>
  t(`common:problem.${document.code}.advice`, {
    defaultValue: document.detail === document.title ? '' : (document.detail ?? ''),
  })

/** A refusal of the hub where it happened: what, why, what to do, and the id under which it is in the log. */
export function ProblemAlert({ problem, again }: { readonly problem: Problem; readonly again?: () => void }) {
  const { t } = useTranslation()
  const { errors = [], requestId } = problem.document
  const advice = problemAdvice(t, problem)
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={problemTitle(t, problem)} role="alert" my="sm">
      <Stack gap="xs">
        {advice !== '' && <Text size="sm">{advice}</Text>}
        {errors.length > 0 && (
          <List size="sm">
            {errors.map(({ field, message }) => (
              <List.Item key={`${field} ${message}`}>
                <Code>{field}</Code> {message}
              </List.Item>
            ))}
          </List>
        )}
        <Group gap="xs">
          {again !== undefined && (
            <Button size="xs" variant="light" color="red" onClick={again}>
              {t('again')}
            </Button>
          )}
          {requestId !== undefined && requestId !== '' && (
            <Group gap={4}>
              <Text size="xs" c="dimmed">
                {t('requestId')} <Code>{requestId}</Code>
              </Text>
              <CopyButton value={requestId} what={t('requestId')} />
            </Group>
          )}
        </Group>
      </Stack>
    </Alert>
  )
}

/** The button that takes a notice away. */
const closing = () => ({ closeButtonProps: { 'aria-label': i18next.t('common:close') } })

/** The same, for a moment in a corner: for what was tried from a list or a menu. */
export function tellProblem(t: TFunction, problem: Problem): void {
  const { requestId } = problem.document
  const advice = problemAdvice(t, problem)
  notifications.show({
    color: 'red',
    title: problemTitle(t, problem),
    message: [advice, requestId ? `${t('common:requestId')} ${requestId}` : ''].filter((one) => one !== '').join(' · '),
    autoClose: 12_000,
    ...closing(),
  })
}

/** Something is done. */
export function tell(message: string): void {
  notifications.show({ color: 'green', message, ...closing() })
}
