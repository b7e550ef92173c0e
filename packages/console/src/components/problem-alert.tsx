import { Alert, Button, Code, Group, List, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle } from '@tabler/icons-react'
import i18next, { type TFunction } from 'i18next'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api/problem.ts'
import { CopyButton } from './copy-button.tsx'
import { LineText } from './line-text.tsx'

/** What a problem says to a person: in their language where it is known, else in the hub's own words. */
export const problemTitle = (t: TFunction, { document }: Problem): string =>
  t(`common:problem.${document.code}.title`, { defaultValue: document.title })

/** What to do about it, or why it is so: in the reader's language where that is known. @param otherwise  where the title says it all */
export function ProblemAdvice({
  problem: { document },
  otherwise = null,
}: {
  readonly problem: Problem
  readonly otherwise?: string | null
}) {
  const { t, i18n } = useTranslation()
  const key = `problem.${document.code}.advice`
  if (document.said !== undefined) return <LineText parts={[document.said]} />
  if (i18n.exists(`common:${key}`)) return t(key)
  const { detail = document.title } = document
  return detail === document.title ? otherwise : <span lang="en">{detail}</span>
}

/** A refusal of the hub where it happened: what, why, what to do, and the id under which it is in the log. */
export function ProblemAlert({ problem, again }: { readonly problem: Problem; readonly again?: () => void }) {
  const { t } = useTranslation()
  const { errors = [], requestId } = problem.document
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={problemTitle(t, problem)} role="alert" my="sm">
      <Stack gap="xs">
        <Text size="sm">
          <ProblemAdvice problem={problem} />
        </Text>
        {errors.length > 0 && (
          <List size="sm">
            {errors.map(({ field, message }) => (
              <List.Item key={`${field} ${message}`}>
                <Code>{field}</Code> <span lang="en">{message}</span>
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
  notifications.show({
    color: 'red',
    title: problemTitle(t, problem),
    message: (
      // Notices stand outside the screens, whose texts are waited for there.
      <Suspense>
        <ProblemAdvice problem={problem} /> {requestId && `${t('common:requestId')} ${requestId}`}
      </Suspense>
    ),
    autoClose: 12_000,
    ...closing(),
  })
}

/** Something is done. */
export function tell(message: string): void {
  notifications.show({ color: 'green', message, ...closing() })
}
