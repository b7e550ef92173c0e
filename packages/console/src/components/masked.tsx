import { ActionIcon, Group, Text, Tooltip } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/problem.ts'
import { useRight } from '../session/session.tsx'
import { tellProblem } from './problem-alert.tsx'

/**
 * A personal detail: masked as the API gives it, in full for whoever may and asks. Each look is written into the audit log.
 * @param read  asks the API again with `reveal=true`; absent: it cannot be had in full here
 */
export function Masked({
  value,
  what,
  read,
}: {
  readonly value: string | null | undefined
  readonly what: string
  readonly read?: () => Promise<string | null | undefined>
}) {
  const { t } = useTranslation()
  const may = useRight('details:reveal')
  const look = useMutation({
    mutationFn: async () => (await read?.()) ?? '',
    onError: (error) => error instanceof Problem && tellProblem(t, error),
  })
  if (value === null || value === undefined || value === '') return t('none')
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Text span inherit className="mono">
        {look.data ?? value}
      </Text>
      {may && read !== undefined && look.data === undefined && (
        <Tooltip label={t('reveal', { what })}>
          <ActionIcon
            className="noprint"
            size="sm"
            variant="subtle"
            color="gray"
            loading={look.isPending}
            aria-label={t('reveal', { what })}
            onClick={() => look.mutate()}
          >
            <IconEye size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  )
}
